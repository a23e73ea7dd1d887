using System.Net;
using System.Net.Http.Headers;
using System.Text;
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
    public async Task An_upload_far_larger_than_any_buffer_streams_through()
    {
        const long Size = 256L << 20;
        await using var backend = await EchoBackend.StartAsync();
        await using var proxy = await ProxyUnderTest.StartWithAsync(backend.Destination);
        using var client = proxy.CreateClient();

        using var response = await client.PutAsync("/", new StreamContent(new ZeroStream(Size)));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(Size, backend.Single.BodyLength);
    }

    [Fact]
    public async Task A_response_is_passed_on_while_it_is_being_written()
    {
        var more = new TaskCompletionSource();
        await using var backend = await EchoBackend.StartAsync();
        backend.Answer = async context =>
        {
            await context.Response.WriteAsync("first", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await more.Task;
            await context.Response.WriteAsync("second", context.RequestAborted);
        };
        await using var proxy = await ProxyUnderTest.StartWithAsync(backend.Destination);
        using var client = proxy.CreateClient();

        using var response = await client.GetAsync("/", HttpCompletionOption.ResponseHeadersRead).InTime();
        await using var body = await response.Content.ReadAsStreamAsync();
        var buffer = new byte[16];
        var length = await body.ReadAsync(buffer).AsTask().InTime();
        Assert.Equal("first", Encoding.ASCII.GetString(buffer, 0, length));
        more.SetResult();

        using var reader = new StreamReader(body);
        Assert.Equal("second", await reader.ReadToEndAsync().InTime());
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Response_headers_are_passed_on_before_there_is_a_body(string clientVersion)
    {
        var more = new TaskCompletionSource();
        await using var backend = await EchoBackend.StartAsync();
        backend.Answer = async context =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await more.Task;
            await context.Response.WriteAsync("data: x\n\n", context.RequestAborted);
        };
        await using var proxy = await ProxyUnderTest.StartWithAsync(backend.Destination);
        using var client = proxy.CreateClient(version: Version.Parse(clientVersion));

        using var response = await client.GetAsync("/", HttpCompletionOption.ResponseHeadersRead).InTime();
        more.SetResult();

        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("data: x\n\n", await response.Content.ReadAsStringAsync().InTime());
    }

    [Fact]
    public async Task A_request_body_is_passed_on_while_it_is_being_sent()
    {
        var arrived = new TaskCompletionSource<string>();
        await using var backend = await EchoBackend.StartAsync();
        backend.Answer = async context =>
        {
            var buffer = new byte[16];
            var length = await context.Request.Body.ReadAsync(buffer, context.RequestAborted);
            arrived.SetResult(Encoding.ASCII.GetString(buffer, 0, length));
        };
        await using var proxy = await ProxyUnderTest.StartWithAsync(backend.Destination);
        await using var stream = await proxy.ConnectAsync();

        await stream.WriteAsync("POST / HTTP/1.1\r\nHost: shop.test\r\nContent-Length: 100\r\n\r\npart"u8.ToArray());

        Assert.Equal("part", await arrived.Task.InTime());
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

    /// <summary>So many zero bytes, without a length that could be asked for beforehand.</summary>
    private sealed class ZeroStream(long size) : Stream
    {
        private long left = size;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = (int)Math.Min(count, left);
            Array.Clear(buffer, offset, read);
            left -= read;
            return read;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
