using System.Net;
using System.Net.Http.Headers;
using System.Text;
using IngressController.EndToEnd.Limits;
using IngressController.Routing.Model;
using IngressController.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace IngressController.EndToEnd.Proxy;

public sealed class ProtocolTests
{
    [Fact]
    public async Task One_cleartext_port_speaks_HTTP_1_1_and_HTTP_2_with_prior_knowledge()
    {
        await using var backend = await EchoBackend.StartAsync();
        await using var proxy = await ProxyUnderTest.StartWithAsync(backend.Destination);
        using var one = proxy.CreateClient();
        using var two = proxy.CreateClient(version: HttpVersion.Version20);

        using var first = await one.GetAsync("/");
        using var second = await two.GetAsync(new Uri(proxy.Address + "a%41?b", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));

        Assert.Equal((HttpStatusCode.OK, HttpVersion.Version11), (first.StatusCode, first.Version));
        Assert.Equal((HttpStatusCode.OK, HttpVersion.Version20), (second.StatusCode, second.Version));
        var forwarded = backend.Requests.Last();
        Assert.Equal(("HTTP/1.1", "/a%41?b"), (forwarded.Protocol, forwarded.Target));
        Assert.Equal("shop.test", forwarded.Header("Host"));
    }

    [Fact]
    public async Task A_client_may_send_the_first_bytes_one_by_one()
    {
        await using var backend = await EchoBackend.StartAsync();
        await using var proxy = await ProxyUnderTest.StartWithAsync(backend.Destination);
        await using var stream = await proxy.ConnectAsync();

        foreach (var part in "PRI / HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n\r\n")
        {
            await stream.WriteAsync(new[] { (byte)part });
        }

        Assert.StartsWith("HTTP/1.1 200 ", await RawBackend.ReadHeadAsync(stream, CancellationToken.None).InTime(), StringComparison.Ordinal);
        Assert.Equal("PRI", backend.Single.Method);
    }

    [Theory]
    [InlineData("")]
    [InlineData("PRI * HT")]
    public async Task A_connection_that_does_not_say_what_it_wants_is_closed(string start)
    {
        await using var proxy = await ProxyUnderTest.StartAsync(options => options.FirstByteTimeout = TimeSpan.FromMilliseconds(100));
        using var hits = new LimitHits(proxy);

        Assert.Equal("", await proxy.SendRawAsync(start));
        await hits.HasAsync("header_timeout");
    }

    [Fact]
    public async Task A_silent_connection_does_not_hold_up_the_stop()
    {
        var proxy = await ProxyUnderTest.StartAsync();
        await using var stream = await proxy.ConnectAsync();
        await stream.WriteAsync("PR"u8.ToArray());

        await proxy.DisposeAsync();

        Assert.Equal(0, await stream.ReadAsync(new byte[1]).AsTask().InTime());
    }

    [Fact]
    public async Task Grpc_goes_through_to_an_h2c_backend_with_its_trailers()
    {
        await using var backend = await EchoBackend.StartAsync(protocols: HttpProtocols.Http2);
        backend.Answer = async context =>
        {
            context.Response.ContentType = "application/grpc";
            context.Response.DeclareTrailer("grpc-status");
            await context.Response.Body.FlushAsync(context.RequestAborted);
            var buffer = new byte[64];
            while (await context.Request.Body.ReadAsync(buffer, context.RequestAborted) is > 0 and var length)
            {
                await context.Response.Body.WriteAsync(buffer.AsMemory(0, length), context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
            }

            context.Response.AppendTrailer("grpc-status", "7");
        };
        await using var proxy = await ProxyUnderTest.StartAsync();
        proxy.Serve(HandMadeModel.Key("web"), BackendProtocol.H2c, backend.Destination);
        using var client = proxy.CreateClient(version: HttpVersion.Version20);
        using var messages = new PingPongContent();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/grpc.Service/Call")
        {
            Content = messages,
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));

        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).InTime();
        await using var body = await response.Content.ReadAsStreamAsync();
        foreach (var message in new[] { "ping", "pong" })
        {
            await messages.SendAsync(message).InTime();
            var buffer = new byte[64];
            var length = await body.ReadAsync(buffer).AsTask().InTime();
            Assert.Equal(message, Encoding.ASCII.GetString(buffer, 0, length));
        }

        messages.Complete();
        Assert.Equal(0, await body.ReadAsync(new byte[1]).AsTask().InTime());
        Assert.Equal("7", Assert.Single(response.TrailingHeaders.GetValues("grpc-status")));
        Assert.Equal(("HTTP/2", "trailers"), (backend.Single.Protocol, backend.Single.Header("TE")));
    }

    [Fact]
    public async Task Trailers_of_an_HTTP_1_1_backend_reach_an_HTTP_2_client()
    {
        await using var backend = RawBackend.Answering(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n2\r\nhi\r\n0\r\nX-Sum: 42\r\n\r\n");
        await using var proxy = await ProxyUnderTest.StartWithAsync(backend.Destination);
        using var client = proxy.CreateClient(version: HttpVersion.Version20);

        using var response = await client.GetAsync("/");

        Assert.Equal("hi", await response.Content.ReadAsStringAsync());
        Assert.Equal("42", Assert.Single(response.TrailingHeaders.GetValues("X-Sum")));
    }

    [Theory]
    [InlineData(BackendProtocol.Https, HttpProtocols.Http1, "HTTP/1.1")]
    [InlineData(BackendProtocol.Https, HttpProtocols.Http1AndHttp2, "HTTP/1.1")]
    [InlineData(BackendProtocol.H2, HttpProtocols.Http2, "HTTP/2")]
    [InlineData(BackendProtocol.Http1OverTls, HttpProtocols.Http1AndHttp2, "HTTP/1.1")]
    public async Task Unverified_backends_are_reached_whoever_signed_their_certificate(BackendProtocol protocol, HttpProtocols spoken, string used)
    {
        await using var backend = await EchoBackend.StartAsync(protocols: spoken, tls: true);
        await using var proxy = await ProxyUnderTest.StartAsync();
        proxy.Serve(HandMadeModel.Key("web"), protocol, backend.Destination);
        using var client = proxy.CreateClient();

        using var response = await client.PostAsync("/", new StringContent("hello"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal((used, "shop.test", 5L), (backend.Single.Protocol, backend.Single.Header("Host"), backend.Single.BodyLength));
    }

    [Fact]
    public async Task A_backend_that_does_not_speak_TLS_is_502()
    {
        await using var backend = new RawBackend((stream, stop) => stream.WriteAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray(), stop).AsTask());
        await using var proxy = await ProxyUnderTest.StartAsync();
        proxy.Serve(HandMadeModel.Key("web"), BackendProtocol.Https, backend.Destination);
        using var client = proxy.CreateClient();

        using var response = await client.GetAsync("/");

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
    }

    /// <summary>A gRPC-like request body: messages go out when the test says.</summary>
    private sealed class PingPongContent : HttpContent
    {
        private readonly TaskCompletionSource<Stream> stream = new();
        private readonly TaskCompletionSource complete = new();

        public PingPongContent() => Headers.ContentType = new MediaTypeHeaderValue("application/grpc");

        public async Task SendAsync(string message)
        {
            var output = await stream.Task;
            await output.WriteAsync(Encoding.ASCII.GetBytes(message));
            await output.FlushAsync();
        }

        public void Complete() => complete.SetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.FlushAsync();
            this.stream.SetResult(stream);
            await complete.Task;
        }

        protected override bool TryComputeLength(out long length)
        {
            length = -1;
            return false;
        }
    }
}
