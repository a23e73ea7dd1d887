using System.Net;
using System.Text;
using IngressController.Testing;
using Microsoft.AspNetCore.Http;

namespace IngressController.EndToEnd.Proxy;

public sealed class StreamingTests
{
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
