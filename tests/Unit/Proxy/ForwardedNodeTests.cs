using IngressController.Proxy.Forwarding;

namespace IngressController.Unit.Proxy;

public sealed class ForwardedNodeTests
{
    [Theory]
    [InlineData("1.2.3.4", "1.2.3.4")]
    [InlineData(" 1.2.3.4 ", "1.2.3.4")]
    [InlineData("1.2.3.4:5678", "1.2.3.4")]
    [InlineData("\"1.2.3.4:5678\"", "1.2.3.4")]
    [InlineData("2001:db8::1", "2001:db8::1")]
    [InlineData("[2001:db8::1]", "2001:db8::1")]
    [InlineData("[2001:DB8::1]:443", "2001:db8::1")]
    [InlineData("\"[2001:db8::1]:443\"", "2001:db8::1")]
    [InlineData("::ffff:10.0.0.1", "10.0.0.1")]
    public void Reads_an_address_in_every_usual_spelling(string text, string address)
    {
        Assert.True(ForwardedNode.TryParse(text, out var parsed));
        Assert.Equal(address, parsed.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("\"")]
    [InlineData("unknown")]
    [InlineData("_hidden")]
    [InlineData("127.1")]
    [InlineData("1")]
    [InlineData("010.0.0.1")]
    [InlineData("0x7f.0.0.1")]
    [InlineData("1.2.3.4.5")]
    [InlineData("[2001:db8::1")]
    [InlineData("[2001:db8::1]443")]
    [InlineData("fe80::1%eth0")]
    [InlineData("1.2.3.4, 5.6.7.8")]
    [InlineData("shop.test")]
    public void Refuses_what_two_readers_could_read_differently(string text)
    {
        Assert.False(ForwardedNode.TryParse(text, out _));
    }
}
