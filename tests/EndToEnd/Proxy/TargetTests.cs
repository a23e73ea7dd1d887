using IngressController.Testing;

namespace IngressController.EndToEnd.Proxy;

public sealed class TargetTests
{
    [Theory]
    [InlineData("/")]
    [InlineData("/?")]
    [InlineData("/a?")]
    [InlineData("/a?b#c")]
    [InlineData("/%41")]
    [InlineData("/%2F")]
    [InlineData("/%2f")]
    [InlineData("/a;b=c")]
    [InlineData("/a/../b")]
    [InlineData("/a/./b")]
    [InlineData("//")]
    [InlineData("//a//b")]
    [InlineData("/~%7E")]
    [InlineData("/%C3%A9%c3%a9")]
    [InlineData("/%FF")]
    [InlineData("/a|b{c}\"d<e>^`")]
    [InlineData("/a?x=|{}\"<>^`[]\\")]
    [InlineData("/a%20b+c")]
    [InlineData("/?a=%00%2e%2E")]
    [InlineData("/a:b@c!$&'()*,=")]
    [InlineData("/?http://other/")]
    public async Task The_backend_receives_the_target_as_the_client_sent_it(string target)
    {
        await using var backend = await EchoBackend.StartAsync();
        await using var proxy = await ProxyUnderTest.StartWithAsync(backend.Destination);

        var response = await proxy.SendRawAsync($"GET {target} HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 200", response, StringComparison.Ordinal);
        Assert.Equal(target, backend.Single.Target);
    }

    [Theory]
    [InlineData("http://shop.test/a%41?b", "/a%41?b")]
    [InlineData("http://shop.test?b=/c", "/?b=/c")]
    [InlineData("http://shop.test", "/")]
    public async Task An_absolute_target_is_reduced_to_its_path_and_query(string target, string forwarded)
    {
        await using var backend = await EchoBackend.StartAsync();
        await using var proxy = await ProxyUnderTest.StartWithAsync(backend.Destination);

        var response = await proxy.SendRawAsync($"GET {target} HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 200", response, StringComparison.Ordinal);
        Assert.Equal(forwarded, backend.Single.Target);
    }

    [Theory]
    [InlineData("GET /%zz HTTP/1.1", "400")]
    [InlineData("GET /%00 HTTP/1.1", "400")]
    [InlineData("GET /../etc HTTP/1.1", "400")]
    [InlineData("GET /é HTTP/1.1", "400")]
    [InlineData("GET /public#/../admin HTTP/1.1", "400")]
    [InlineData("OPTIONS * HTTP/1.1", "400")]
    [InlineData("CONNECT shop.test:443 HTTP/1.1", "405")]
    public async Task A_target_that_has_no_path_or_is_malformed_never_reaches_a_backend(string requestLine, string status)
    {
        await using var backend = await EchoBackend.StartAsync();
        await using var proxy = await ProxyUnderTest.StartWithAsync(backend.Destination);
        var host = requestLine.StartsWith("CONNECT", StringComparison.Ordinal) ? "shop.test:443" : "shop.test";

        var response = await proxy.SendRawAsync($"{requestLine}\r\nHost: {host}\r\nConnection: close\r\n\r\n");

        Assert.StartsWith($"HTTP/1.1 {status}", response, StringComparison.Ordinal);
        Assert.Empty(backend.Requests);
    }

    [Fact]
    public async Task The_method_is_kept_whatever_it_is()
    {
        await using var backend = await EchoBackend.StartAsync();
        await using var proxy = await ProxyUnderTest.StartWithAsync(backend.Destination);

        await proxy.SendRawAsync("BREW-tea /pot HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n\r\n");

        Assert.Equal("BREW-tea", backend.Single.Method);
    }
}
