using System.Net;
using IngressController.Testing;

namespace IngressController.EndToEnd.Proxy;

public sealed class HeaderTests
{
    [Fact]
    public async Task Host_is_kept_and_the_connection_is_told()
    {
        var request = await ForwardAsync("GET / HTTP/1.1\r\nHost: shop.test:8080\r\n");

        Assert.Equal("shop.test:8080", request.Header("Host"));
        Assert.Equal("127.0.0.1", request.Header("X-Forwarded-For"));
        Assert.Equal("127.0.0.1", request.Header("X-Real-IP"));
        Assert.Equal("http", request.Header("X-Forwarded-Proto"));
        Assert.Equal("shop.test:8080", request.Header("X-Forwarded-Host"));
        Assert.Equal("8080", request.Header("X-Forwarded-Port"));
    }

    [Fact]
    public async Task The_forwarded_port_is_that_of_the_scheme_where_Host_names_none()
    {
        var request = await ForwardAsync("GET / HTTP/1.1\r\nHost: shop.test\r\n");

        Assert.Equal("80", request.Header("X-Forwarded-Port"));
    }

    [Fact]
    public async Task What_a_client_says_about_itself_is_replaced()
    {
        var request = await ForwardAsync(
            "GET / HTTP/1.1\r\nHost: shop.test\r\nX-Forwarded-For: 6.6.6.6\r\nX-Forwarded-For: 7.7.7.7\r\nX-Real-IP: 6.6.6.6\r\nX-Forwarded-Proto: https\r\n"
            + "X-Forwarded-Host: evil.test\r\nX-Forwarded-Port: 666\r\nX-Forwarded-Prefix: /evil\r\nX-Forwarded-Scheme: https\r\n"
            + "Forwarded: for=6.6.6.6;host=evil.test\r\n");

        Assert.Equal("127.0.0.1", request.Header("X-Forwarded-For"));
        Assert.Equal("127.0.0.1", request.Header("X-Real-IP"));
        Assert.Equal("http", request.Header("X-Forwarded-Proto"));
        Assert.Equal("shop.test", request.Header("X-Forwarded-Host"));
        Assert.Equal("80", request.Header("X-Forwarded-Port"));
        Assert.Equal("for=127.0.0.1;proto=http", request.Header("Forwarded"));
        Assert.Null(request.Header("X-Forwarded-Prefix"));
        Assert.Null(request.Header("X-Forwarded-Scheme"));
    }

    /// <summary>Many backends take an underscore for a hyphen.</summary>
    [Fact]
    public async Task Headers_with_underscores_do_not_pass()
    {
        var request = await ForwardAsync(
            "GET / HTTP/1.1\r\nHost: shop.test\r\nX_Forwarded_For: 6.6.6.6\r\nX-Forwarded_For: 6.6.6.6\r\nX_Real_IP: 6.6.6.6\r\nX-Kept: yes\r\n");

        Assert.Equal("127.0.0.1", request.Header("X-Forwarded-For"));
        Assert.Equal("yes", request.Header("X-Kept"));
        Assert.DoesNotContain(request.Headers, header => header.Key.Contains('_', StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_trusted_peer_is_believed_and_extended()
    {
        var request = await ForwardAsync(
            "GET / HTTP/1.1\r\nHost: shop.test\r\nX-Forwarded-For: 6.6.6.6, 203.0.113.9\r\nX-Forwarded-For: 10.0.0.5\r\nX-Forwarded-Proto: https\r\n"
            + "X-Forwarded-Host: www.shop.test\r\nX-Forwarded-Prefix: /p\r\n",
            IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("10.0.0.0/8"));

        Assert.Equal("6.6.6.6, 203.0.113.9,10.0.0.5, 127.0.0.1", request.Header("X-Forwarded-For"));
        Assert.Equal("203.0.113.9", request.Header("X-Real-IP"));
        Assert.Equal("https", request.Header("X-Forwarded-Proto"));
        Assert.Equal("www.shop.test", request.Header("X-Forwarded-Host"));
        Assert.Equal("443", request.Header("X-Forwarded-Port"));
        Assert.Equal("/p", request.Header("X-Forwarded-Prefix"));
    }

    [Fact]
    public async Task A_trusted_peer_may_tell_the_client_by_RFC_7239()
    {
        var request = await ForwardAsync(
            "GET / HTTP/1.1\r\nHost: shop.test\r\nForwarded: for=\"[2001:db8::1]:4711\";proto=https\r\n", IPNetwork.Parse("127.0.0.1/32"));

        Assert.Equal("2001:db8::1", request.Header("X-Real-IP"));
        Assert.Equal("2001:db8::1, 127.0.0.1", request.Header("X-Forwarded-For"));
        Assert.Equal("for=\"[2001:db8::1]:4711\";proto=https, for=127.0.0.1", request.Header("Forwarded"));
    }

    [Fact]
    public async Task An_IPv4_client_of_a_dual_stack_port_has_an_IPv4_address()
    {
        await using var backend = await EchoBackend.StartAsync();
        await using var proxy = await ProxyUnderTest.StartAsync(listen: IPAddress.IPv6Any);
        proxy.Serve(backend.Destination);

        await proxy.SendRawAsync("GET / HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n\r\n");

        Assert.Equal("127.0.0.1", backend.Single.Header("X-Forwarded-For"));
    }

    [Fact]
    public async Task Headers_of_one_hop_end_here()
    {
        var request = await ForwardAsync(
            "GET / HTTP/1.1\r\nHost: shop.test\r\nConnection: X-Secret, Host, Keep-Alive\r\nX-Secret: 1\r\nX-Open: 2\r\nKeep-Alive: timeout=5\r\nTE: gzip\r\n"
            + "Proxy: http://evil.test\r\nProxy-Connection: keep-alive\r\nUpgrade-Insecure-Requests: 1\r\n");

        Assert.Null(request.Header("X-Secret"));
        Assert.Null(request.Header("Keep-Alive"));
        Assert.Null(request.Header("TE"));
        Assert.Null(request.Header("Proxy"));
        Assert.Null(request.Header("Proxy-Connection"));
        Assert.Equal("2", request.Header("X-Open"));
        Assert.Equal("shop.test", request.Header("Host"));
        Assert.Equal("1", request.Header("Upgrade-Insecure-Requests"));
    }

    [Fact]
    public async Task A_client_cannot_use_Connection_to_remove_what_we_write()
    {
        var request = await ForwardAsync("GET / HTTP/1.1\r\nHost: shop.test\r\nConnection: X-Forwarded-For, X-Real-IP, X-Request-ID\r\n");

        Assert.Equal("127.0.0.1", request.Header("X-Forwarded-For"));
        Assert.Equal("127.0.0.1", request.Header("X-Real-IP"));
        Assert.NotNull(request.Header("X-Request-ID"));
    }

    [Fact]
    public async Task Nothing_is_added_that_nobody_asked_for()
    {
        var request = await ForwardAsync("GET / HTTP/1.1\r\nHost: shop.test\r\n");

        Assert.Equal(
            ["host", "x-forwarded-for", "x-forwarded-host", "x-forwarded-port", "x-forwarded-proto", "x-real-ip", "x-request-id"],
            request.Headers.Keys.Order());
    }

    [Fact]
    public async Task Header_values_keep_their_bytes_both_ways()
    {
        const string Umlauts = "caf\u00e9 \u00fc\u00c3\u00a9";
        await using var backend = await EchoBackend.StartAsync();
        backend.Answer = context =>
        {
            context.Response.Headers["X-Answer"] = Umlauts;
            return Task.CompletedTask;
        };
        await using var proxy = await ProxyUnderTest.StartWithAsync(backend.Destination);

        var response = await proxy.SendRawAsync($"GET / HTTP/1.1\r\nHost: shop.test\r\nX-Name: {Umlauts}\r\nConnection: close\r\n\r\n");

        Assert.Equal(Umlauts, backend.Single.Header("X-Name"));
        Assert.Contains($"X-Answer: {Umlauts}\r\n", response, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_lines_of_one_response_header_stay_several()
    {
        await using var backend = RawBackend.Answering(
            "HTTP/1.1 200 Fine\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nConnection: close, X-Hop\r\nX-Hop: 1\r\nServer: theirs\r\nContent-Length: 0\r\n\r\n");
        await using var proxy = await ProxyUnderTest.StartWithAsync(backend.Destination);

        var response = await proxy.SendRawAsync("GET / HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 200 Fine\r\n", response, StringComparison.Ordinal);
        Assert.Contains("Set-Cookie: a=1\r\nSet-Cookie: b=2\r\n", response, StringComparison.Ordinal);
        Assert.Contains("Server: theirs\r\n", response, StringComparison.Ordinal);
        Assert.DoesNotContain("X-Hop", response, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_with_two_lengths_has_one_when_it_is_forwarded()
    {
        await using var backend = await EchoBackend.StartAsync();
        await using var proxy = await ProxyUnderTest.StartWithAsync(backend.Destination);

        await proxy.SendRawAsync(
            "POST / HTTP/1.1\r\nHost: shop.test\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n5\r\nhello\r\n0\r\n\r\n");

        Assert.All(backend.Requests, request =>
        {
            Assert.Null(request.Header("Content-Length"));
            Assert.Equal(5, request.BodyLength);
        });
    }

    private static async Task<EchoedRequest> ForwardAsync(string head, params IPNetwork[] trusted)
    {
        await using var backend = await EchoBackend.StartAsync();
        await using var proxy = await ProxyUnderTest.StartAsync(options => Array.ForEach(trusted, options.TrustedProxies.Add));
        proxy.Serve(backend.Destination);

        await proxy.SendRawAsync($"{head}Connection: close\r\n\r\n");
        return backend.Single;
    }
}
