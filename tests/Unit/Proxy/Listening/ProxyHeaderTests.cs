using System.Buffers;
using System.Globalization;
using System.Text;
using IngressController.Proxy.Listening;

namespace IngressController.Unit.Proxy.Listening;

public sealed class ProxyHeaderTests
{
    private const string Signature = "0D0A0D0A000D0A515549540A";
    private const string Four = "C0000201C6336401DC0401BB"; // 192.0.2.1:56324 to 198.51.100.1:443
    private const string Six = "20010DB800000000000000000000000120010DB8000000000000000000000002DC0401BB";

    [Theory]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.1 56324 443\r\n", "192.0.2.1:56324 198.51.100.1:443")]
    [InlineData("PROXY TCP4 255.255.255.255 0.0.0.0 65535 0\r\n", "255.255.255.255:65535 0.0.0.0:0")]
    [InlineData("PROXY TCP6 2001:db8::1 ::1 56324 443\r\n", "[2001:db8::1]:56324 [::1]:443")]
    [InlineData("PROXY TCP6 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535\r\n", "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535 [ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535")]
    [InlineData("PROXY TCP6 ::ffff:192.0.2.1 ::ffff:192.0.2.2 1 2\r\n", "192.0.2.1:1 192.0.2.2:2")]
    [InlineData("PROXY UNKNOWN\r\n", "peer")]
    [InlineData("PROXY UNKNOWN ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535\r\n", "peer")]
    public void A_line_names_the_client(string line, string expected) => Reads(Encoding.ASCII.GetBytes(line), expected);

    [Theory]
    [InlineData("2111000C" + Four, "192.0.2.1:56324 198.51.100.1:443")]
    [InlineData("21110013" + Four + "04000400000000", "192.0.2.1:56324 198.51.100.1:443")]
    [InlineData("21210024" + Six, "[2001:db8::1]:56324 [2001:db8::2]:443")]
    [InlineData("2112000C" + Four, "peer")]
    [InlineData("21000000", "peer")]
    [InlineData("21000003AABBCC", "peer")]
    [InlineData("20000000", "peer")]
    [InlineData("2011000C" + Four, "peer")]
    public void Bytes_name_the_client(string header, string expected) => Reads(Convert.FromHexString(Signature + header), expected);

    [Fact]
    public void Unix_sockets_and_the_longest_header_are_read()
    {
        Reads([.. Convert.FromHexString(Signature + "213100D8"), .. new byte[216]], "peer");
        Reads([.. Convert.FromHexString(Signature + "2111FFFF" + Four), .. new byte[65535 - 12]], "192.0.2.1:56324 198.51.100.1:443", everyStart: false);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n")]
    [InlineData("PROXX")]
    [InlineData("proxy TCP4")]
    [InlineData("\x16\x03\x01")]
    [InlineData("PROXY \r\n")]
    [InlineData("PROXY TCP4\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.1 56324\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.1 56324 443 \r\n")]
    [InlineData("PROXY TCP4  192.0.2.1 198.51.100.1 56324 443\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.1 65536 443\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.1 -1 443\r\n")]
    [InlineData("PROXY TCP4 192.0.2 198.51.100.1 1 443\r\n")]
    [InlineData("PROXY TCP4 ::1 ::1 1 443\r\n")]
    [InlineData("PROXY TCP6 192.0.2.1 198.51.100.1 1 443\r\n")]
    [InlineData("PROXY TCP6 fe80::1%1 ::1 1 443\r\n")]
    [InlineData("PROXY TCP6 [::1] ::1 1 443\r\n")]
    [InlineData("PROXY UDP4 192.0.2.1 198.51.100.1 1 443\r\n")]
    public void A_line_that_is_none_is_refused(string line) => Assert.Null(Read(Encoding.Latin1.GetBytes(line))!.Value.Value);

    [Theory]
    [InlineData("1111000C")] // version 1
    [InlineData("2211000C")] // no such command
    [InlineData("2113000C")] // no such transport
    [InlineData("2141000C")] // no such family
    [InlineData("2111000B")] // too short for its addresses
    [InlineData("21210023")]
    [InlineData("213100D7")]
    public void Bytes_that_are_none_are_refused_before_the_rest_has_come(string header) =>
        Assert.Null(Read(Convert.FromHexString(Signature + header))!.Value.Value);

    [Fact]
    public void A_line_without_end_is_refused_at_its_limit()
    {
        Assert.Null(Read(Encoding.ASCII.GetBytes("PROXY UNKNOWN ".PadRight(106, 'x'))));
        Assert.Null(Read(Encoding.ASCII.GetBytes("PROXY UNKNOWN ".PadRight(107, 'x')))!.Value.Value);
        Assert.NotNull(Read(Encoding.ASCII.GetBytes("PROXY UNKNOWN ".PadRight(105, 'x') + "\r\n"))!.Value.Value);
        Assert.Null(Read(Encoding.ASCII.GetBytes("PROXY UNKNOWN ".PadRight(106, 'x') + "\r\n"))!.Value.Value);
    }

    /// <summary>Undecided until the last byte; then what follows is left alone.</summary>
    private static void Reads(byte[] header, string expected, bool everyStart = true)
    {
        for (var length = everyStart ? 0 : header.Length - 1; length < header.Length; length++)
        {
            Assert.Null(Read(header[..length]));
        }

        var verdict = Read([.. header, .. "GET / HTTP/1.1\r\n"u8])!.Value;
        Assert.Equal(header.Length, verdict.Taken);
        Assert.Equal(expected, verdict.Value!.Source is null ? "peer" : string.Create(CultureInfo.InvariantCulture, $"{verdict.Value.Source} {verdict.Value.Destination}"));
    }

    private static Verdict<ProxyHeader?>? Read(byte[] bytes) => ProxyHeader.Read(new ReadOnlySequence<byte>(bytes));
}
