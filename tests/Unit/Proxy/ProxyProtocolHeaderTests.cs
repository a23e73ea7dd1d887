using System.Net;
using System.Text;
using IngressController.Proxy.Forwarding;
using IngressController.Routing.Model;

namespace IngressController.Unit.Proxy;

public sealed class ProxyProtocolHeaderTests
{
    [Theory]
    [InlineData("192.0.2.7:4711", "10.0.0.1:443", "PROXY TCP4 192.0.2.7 10.0.0.1 4711 443")]
    [InlineData("[2001:db8::7]:65535", "[fd00::1]:443", "PROXY TCP6 2001:db8::7 fd00::1 65535 443")]
    [InlineData("192.0.2.7:0", "[fd00::1]:443", "PROXY TCP6 ::ffff:192.0.2.7 fd00::1 0 443")]
    [InlineData("[2001:db8::7]:1", "10.0.0.1:443", "PROXY TCP6 2001:db8::7 ::ffff:10.0.0.1 1 443")]
    [InlineData("[::ffff:192.0.2.7]:1", "[::ffff:10.0.0.1]:443", "PROXY TCP4 192.0.2.7 10.0.0.1 1 443")]
    [InlineData("[fe80::7%3]:1", "[fe80::1%3]:443", "PROXY TCP6 fe80::7 fe80::1 1 443")]
    public void Version_1_is_one_line_of_text(string client, string server, string line) =>
        Assert.Equal(line + "\r\n", Encoding.ASCII.GetString(Encode(ProxyProtocolVersion.V1, client, server)));

    [Theory]
    [InlineData("192.0.2.7:4711", "10.0.0.1:443", "2111000CC00002070A000001126701BB")]
    [InlineData("[2001:db8::7]:65535", "[fd00::1]:443", "2121002420010DB8000000000000000000000007FD000000000000000000000000000001FFFF01BB")]
    [InlineData("192.0.2.7:0", "[fd00::1]:443", "2121002400000000000000000000FFFFC0000207FD000000000000000000000000000001000001BB")]
    [InlineData("[::ffff:192.0.2.7]:1", "[::ffff:10.0.0.1]:443", "2111000CC00002070A000001000101BB")]
    public void Version_2_is_binary_after_its_signature(string client, string server, string rest) =>
        Assert.Equal("0D0A0D0A000D0A515549540A" + rest, Convert.ToHexString(Encode(ProxyProtocolVersion.V2, client, server)));

    [Fact]
    public void The_longest_line_of_version_1_has_the_size_that_receivers_reckon_with()
    {
        const string Longest = "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535";

        Assert.Equal(104, Encode(ProxyProtocolVersion.V1, Longest, Longest).Length); // section 2.1: at most 107
    }

    [Fact]
    public void None_is_nothing() => Assert.Empty(Encode(ProxyProtocolVersion.None, "192.0.2.7:1", "10.0.0.1:443"));

    private static byte[] Encode(ProxyProtocolVersion version, string client, string server) =>
        ProxyProtocolHeader.Encode(version, IPEndPoint.Parse(client), IPEndPoint.Parse(server));
}
