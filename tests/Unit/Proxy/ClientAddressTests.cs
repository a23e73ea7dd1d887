using System.Net;
using IngressController.Proxy.Forwarding;
using Microsoft.Extensions.Primitives;

namespace IngressController.Unit.Proxy;

public sealed class ClientAddressTests
{
    private static readonly TrustedProxies Trusted = new([IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("fd00::/8")]);
    private static readonly IPAddress Peer = IPAddress.Parse("10.0.0.1");

    [Theory]
    [InlineData("203.0.113.9", "203.0.113.9")]
    [InlineData("6.6.6.6, 203.0.113.9", "203.0.113.9")]
    [InlineData("6.6.6.6, 203.0.113.9, 10.0.0.7", "203.0.113.9")]
    [InlineData("6.6.6.6, 203.0.113.9:1234 , [fd00::7]:80", "203.0.113.9")]
    [InlineData("10.0.0.9, 10.0.0.8", "10.0.0.9")]
    [InlineData("6.6.6.6, garbage, 10.0.0.8", "10.0.0.8")]
    [InlineData("garbage", "10.0.0.1")]
    [InlineData("203.0.113.9,, ,", "203.0.113.9")]
    [InlineData("", "10.0.0.1")]
    public void Is_the_first_untrusted_address_from_the_right(string forwardedFor, string client)
    {
        Assert.Equal(client, ClientAddress.Find(Peer, forwardedFor, default, Trusted).ToString());
    }

    [Fact]
    public void Several_header_lines_are_one_list()
    {
        var lines = new StringValues(["6.6.6.6, 203.0.113.9", "10.0.0.8", "10.0.0.7"]);

        Assert.Equal("203.0.113.9", ClientAddress.Find(Peer, lines, default, Trusted).ToString());
    }

    [Theory]
    [InlineData("for=203.0.113.9", "203.0.113.9")]
    [InlineData("for=6.6.6.6, For=\"203.0.113.9:80\";proto=https;by=10.0.0.1", "203.0.113.9")]
    [InlineData("for=\"[2001:db8::1]:4711\", for=\"[fd00::1]\"", "2001:db8::1")]
    [InlineData("for=6.6.6.6;host=\"a,b\", for=10.0.0.4", "6.6.6.6")]
    [InlineData("proto=http;for=203.0.113.9", "203.0.113.9")]
    [InlineData("for=203.0.113.9, for=unknown", "10.0.0.1")]
    [InlineData("proto=https", "10.0.0.1")]
    public void Forwarded_is_read_where_X_Forwarded_For_is_absent(string forwarded, string client)
    {
        Assert.Equal(client, ClientAddress.Find(Peer, default, forwarded, Trusted).ToString());
    }

    [Fact]
    public void X_Forwarded_For_goes_before_Forwarded()
    {
        Assert.Equal("203.0.113.9", ClientAddress.Find(Peer, "203.0.113.9", "for=6.6.6.6", Trusted).ToString());
    }
}
