using IngressController.App.Cli;
using IngressController.Cluster.Resources;

namespace IngressController.Unit.App;

public sealed class FlagValueTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("0s", 0)]
    [InlineData("500ms", 500)]
    [InlineData("30s", 30_000)]
    [InlineData("1m30s", 90_000)]
    [InlineData("1h2m3s4ms", 3_723_004)]
    [InlineData("24h", 86_400_000)]
    public void Durations_are_numbers_with_units(string text, int milliseconds)
    {
        Assert.Null(FlagValue.Duration(text, out var duration));
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), duration);
    }

    [Theory]
    [InlineData("")]
    [InlineData("30")]
    [InlineData("s")]
    [InlineData("-1s")]
    [InlineData("1.5s")]
    [InlineData("1d")]
    [InlineData("1 s")]
    [InlineData("30s!")]
    [InlineData("99999999999s")]
    [InlineData("25h")]
    [InlineData("999999999h")]
    [InlineData("99999999999999999999s")]
    public void What_is_no_duration_is_refused(string text) => Assert.NotNull(FlagValue.Duration(text, out _));

    [Theory]
    [InlineData("0", true)]
    [InlineData("65535", true)]
    [InlineData("65536", false)]
    [InlineData("-1", false)]
    [InlineData("+80", false)]
    [InlineData("80 ", false)]
    [InlineData("", false)]
    [InlineData("99999999999999999999", false)]
    public void Ports_are_16_bits(string text, bool isPort) => Assert.Equal(isPort, FlagValue.Port(text, out _) is null);

    [Theory]
    [InlineData("10.0.0.0/8", "10.0.0.0/8")]
    [InlineData("fd00::/8", "fd00::/8")]
    [InlineData("192.0.2.7", "192.0.2.7/32")]
    [InlineData("::1", "::1/128")]
    public void Networks_are_CIDR_or_one_address(string text, string expected)
    {
        Assert.Null(FlagValue.Cidr(text, out var network));
        Assert.Equal(expected, network.ToString());
    }

    [Theory]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0/8")]
    [InlineData("10.1")]
    [InlineData("010.0.0.0/8")]
    [InlineData("0x0a.0.0.0/8")]
    [InlineData("10.0.0.0/")]
    [InlineData("10.0.0.0/8/8")]
    [InlineData("fe80::1%1/64")]
    [InlineData("trusted")]
    [InlineData("")]
    public void What_is_no_network_is_refused(string text) => Assert.NotNull(FlagValue.Cidr(text, out _));

    [Theory]
    [InlineData("web/fallback", "")]
    [InlineData("web/fallback:80", "80")]
    [InlineData("web/fallback:http", "http")]
    public void A_default_backend_is_a_Service_and_perhaps_a_port(string text, string port)
    {
        Assert.Null(FlagValue.DefaultBackend(text, out var backend));
        Assert.Equal("web/fallback", backend!.Service.ToString());
        Assert.Equal(port.Length == 0 ? PortReference.First.ToString() : port, backend.Port.ToString());
    }

    [Theory]
    [InlineData("fallback")]
    [InlineData("/fallback")]
    [InlineData("web/")]
    [InlineData("web/fallback:")]
    [InlineData("web/fallback:0")]
    [InlineData("web/fallback:65536x!")]
    [InlineData("a/b/c")]
    [InlineData("Web/fallback")]
    public void What_is_no_default_backend_is_refused(string text) => Assert.NotNull(FlagValue.DefaultBackend(text, out _));

    [Theory]
    [InlineData("max-age=0")]
    [InlineData("max-age=31536000; includeSubDomains; preload")]
    public void Strict_transport_security_is_passed_on_as_it_is(string text)
    {
        Assert.Null(FlagValue.StrictTransportSecurity(text, out var value));
        Assert.Equal(text, value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("true")]
    [InlineData("max-age=")]
    [InlineData("max-age=1; evil\r\nX: y")]
    [InlineData("includeSubDomains")]
    public void What_browsers_would_not_understand_is_refused(string text) => Assert.NotNull(FlagValue.StrictTransportSecurity(text, out _));

    [Theory]
    [InlineData("0", long.MaxValue)]
    [InlineData("1", 1)]
    [InlineData("8k", 8192)]
    [InlineData("8M", 8_388_608)]
    [InlineData("1g", 1_073_741_824)]
    public void Sizes_are_written_as_nginx_writes_them(string text, long bytes)
    {
        Assert.Null(FlagValue.Size(text, out var value));
        Assert.Equal(bytes, value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("k")]
    [InlineData("-1")]
    [InlineData("1.5m")]
    [InlineData("8mb")]
    [InlineData("9999999999g")]
    public void What_is_no_size_is_refused(string text) => Assert.NotNull(FlagValue.Size(text, out _));
}
