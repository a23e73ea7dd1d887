using System.Net;
using System.Net.Http.Headers;
using IngressController.Testing;
using Microsoft.AspNetCore.Http;

namespace IngressController.EndToEnd.Proxy;

public sealed class BodyTests
{
    [Fact]
    public async Task A_chunked_upload_arrives_whole()
    {
        await using var backend = await EchoBackend.StartAsync();
        await using var proxy = await ProxyUnderTest.StartWithAsync(backend.Destination);

        await proxy.SendRawAsync(
            "POST / HTTP/1.1\r\nHost: shop.test\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n5\r\nhello\r\n6;x=y\r\n world\r\n0\r\n\r\n");

        Assert.Equal(11, backend.Single.BodyLength);
        Assert.Equal("chunked", backend.Single.Header("Transfer-Encoding"));
    }

    [Fact]
    public async Task An_upload_of_known_length_keeps_its_length()
    {
        await using var backend = await EchoBackend.StartAsync();
        await using var proxy = await ProxyUnderTest.StartWithAsync(backend.Destination);

        await proxy.SendRawAsync("PUT / HTTP/1.1\r\nHost: shop.test\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello");

        Assert.Equal("5", backend.Single.Header("Content-Length"));
        Assert.Null(backend.Single.Header("Transfer-Encoding"));
    }

    [Fact]
    public async Task A_request_without_a_body_is_forwarded_without_one()
    {
        await using var backend = await EchoBackend.StartAsync();
        await using var proxy = await ProxyUnderTest.StartWithAsync(backend.Destination);

        await proxy.SendRawAsync("DELETE / HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n\r\n");

        Assert.Null(backend.Single.Header("Content-Length"));
        Assert.Null(backend.Single.Header("Transfer-Encoding"));
    }

    [Fact]
    public async Task HEAD_has_the_length_and_no_body()
    {
        await using var backend = await EchoBackend.StartAsync();
        backend.Answer = context =>
        {
            context.Response.ContentLength = 1234;
            return Task.CompletedTask;
        };
        await using var proxy = await ProxyUnderTest.StartWithAsync(backend.Destination);

        var response = await proxy.SendRawAsync("HEAD / HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n\r\n");

        Assert.Contains("Content-Length: 1234\r\n", response, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n", response, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(204)]
    [InlineData(304)]
    public async Task An_answer_that_may_not_have_a_body_has_none(int status)
    {
        await using var backend = await EchoBackend.StartAsync();
        backend.Answer = context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.ETag = "\"1\"";
            return Task.CompletedTask;
        };
        await using var proxy = await ProxyUnderTest.StartWithAsync(backend.Destination);

        var response = await proxy.SendRawAsync("GET / HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n\r\n");

        Assert.StartsWith($"HTTP/1.1 {status} ", response, StringComparison.Ordinal);
        Assert.Contains("ETag: \"1\"\r\n", response, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n", response, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_backend_that_wants_the_body_lets_the_client_continue()
    {
        await using var backend = await EchoBackend.StartAsync();
        await using var proxy = await ProxyUnderTest.StartWithAsync(backend.Destination);
        await using var stream = await proxy.ConnectAsync();

        await stream.WriteAsync("POST / HTTP/1.1\r\nHost: shop.test\r\nContent-Length: 4\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n"u8.ToArray());
        Assert.StartsWith("HTTP/1.1 100 ", await RawBackend.ReadHeadAsync(stream, CancellationToken.None).InTime(), StringComparison.Ordinal);
        await stream.WriteAsync("body"u8.ToArray());

        Assert.StartsWith("HTTP/1.1 200 ", await RawBackend.ReadHeadAsync(stream, CancellationToken.None).InTime(), StringComparison.Ordinal);
        Assert.Equal(4, backend.Single.BodyLength);
    }

    [Fact]
    public async Task A_backend_that_refuses_the_body_spares_the_client_sending_it()
    {
        await using var backend = await EchoBackend.StartAsync();
        backend.Answer = context =>
        {
            context.Response.StatusCode = 413;
            return Task.CompletedTask;
        };
        await using var proxy = await ProxyUnderTest.StartWithAsync(backend.Destination);
        await using var stream = await proxy.ConnectAsync();

        await stream.WriteAsync("POST / HTTP/1.1\r\nHost: shop.test\r\nContent-Length: 100000\r\nExpect: 100-continue\r\n\r\n"u8.ToArray());

        Assert.StartsWith("HTTP/1.1 413 ", await RawBackend.ReadHeadAsync(stream, CancellationToken.None).InTime(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compressed_answers_stay_as_they_are()
    {
        await using var backend = await EchoBackend.StartAsync();
        backend.Answer = async context =>
        {
            context.Response.Headers.ContentEncoding = "gzip";
            await context.Response.Body.WriteAsync(new byte[] { 0x1f, 0x8b, 1, 2, 3 }, context.RequestAborted);
        };
        await using var proxy = await ProxyUnderTest.StartWithAsync(backend.Destination);
        using var client = proxy.CreateClient();
        client.DefaultRequestHeaders.AcceptEncoding.Add(new StringWithQualityHeaderValue("gzip"));

        using var response = await client.GetAsync("/");

        Assert.Equal([0x1f, 0x8b, 1, 2, 3], await response.Content.ReadAsByteArrayAsync());
        Assert.Equal("gzip", backend.Single.Header("Accept-Encoding"));
    }

    [Fact]
    public async Task Redirects_and_cookies_are_the_clients_business()
    {
        await using var backend = await EchoBackend.StartAsync();
        backend.Answer = context =>
        {
            context.Response.Headers.SetCookie = "a=1";
            context.Response.Redirect("/elsewhere");
            return Task.CompletedTask;
        };
        await using var proxy = await ProxyUnderTest.StartWithAsync(backend.Destination);
        using var client = proxy.CreateClient();

        using var first = await client.GetAsync("/");
        using var second = await new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }).SendAsync(
            new HttpRequestMessage(HttpMethod.Get, proxy.Address) { Headers = { Host = ProxyUnderTest.Host } });

        Assert.Equal(HttpStatusCode.Found, first.StatusCode);
        Assert.Equal("/elsewhere", first.Headers.Location?.OriginalString);
        Assert.All(backend.Requests, request => Assert.Null(request.Header("Cookie")));
    }
}
