using System.Net;
using System.Text;
using IngressController.EndToEnd.Proxy;
using IngressController.Proxy.Limits;
using IngressController.Routing.Model;
using IngressController.Testing;

namespace IngressController.EndToEnd.Limits;

/// <summary>Limits as a client of HTTP/2 comes up against them, and their metric.</summary>
public sealed class Http2LimitTests : IAsyncLifetime
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(300);

    private EchoBackend backend = null!;

    public async Task InitializeAsync() => backend = await EchoBackend.StartAsync();

    public async Task DisposeAsync() => await backend.DisposeAsync();

    [Theory]
    [InlineData(1, 1500)]
    [InlineData(8, 150)]
    [InlineData(11, 1)]
    public async Task Too_many_or_too_long_headers_are_431(int count, int length)
    {
        await using var proxy = await StartAsync(new() { MaxHeaderBytes = 1024, MaxHeaderCount = 10 });
        using var hits = new LimitHits(proxy);
        Assert.Contains("431", Encoding.Latin1.GetString((await AnswerToFieldsAsync(proxy, count, length))!), StringComparison.Ordinal);
        await hits.HasAsync("headers");
    }

    [Theory]
    [InlineData(9, 900)]
    [InlineData(30, 1)]
    public async Task Far_too_many_or_too_long_ones_end_the_connection(int count, int length)
    {
        await using var proxy = await StartAsync(new() { MaxHeaderBytes = 1024, MaxHeaderCount = 10 });
        using var hits = new LimitHits(proxy);
        Assert.Null(await AnswerToFieldsAsync(proxy, count, length));
        await hits.HasAsync("headers");
    }

    /// <summary>A path is a header, too. Kestrel's own check of the line would reset the stream, and tell nobody.</summary>
    [Theory]
    [InlineData(8192, 200)]
    [InlineData(8193, 414)]
    [InlineData(32_000, 414)]
    [InlineData(33_000, 431)]
    [InlineData(60_000, 431)]
    public async Task A_long_request_line_is_414_and_a_longer_one_431(int bytes, int status)
    {
        await using var proxy = await StartAsync(new());
        using var hits = new LimitHits(proxy);
        var path = new string('a', bytes - "GET / HTTP/1.1\r\n".Length);
        var (_, answer, errors) = await RunningProgram.RunAsync(
            "curl", ["-sS", "--noproxy", "*", "--http2-prior-knowledge", "-H", $"Host: {ProxyUnderTest.Host}", "-o", "/dev/null", "-w", "%{http_code}", proxy.Address + path]);
        Assert.Equal($"{status}", answer.Trim() + errors);
        await hits.HasAsync("request_line", status == 414 ? 1 : 0);
        await hits.HasAsync("headers", status == 431 ? 1 : 0);
        Assert.Contains($":{status},", await proxy.Log.LineAsync("aaaa"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Headers_that_do_not_come_in_time_end_the_connection()
    {
        await using var proxy = await StartAsync(new() { HeaderTimeout = TimeSpan.FromSeconds(5) });
        using var hits = new LimitHits(proxy);
        await using var client = await RawHttp2.ConnectAsync(proxy);
        client.Add(RawHttp2.Headers, RawHttp2.EndStream, 1, RawHttp2.Get);
        await client.FlushAsync();
        Assert.Null(await client.ReadAsync(RawHttp2.Headers));
        await hits.HasAsync("header_timeout");
    }

    [Fact]
    public async Task Streams_beyond_the_most_are_refused()
    {
        await using var proxy = await StartAsync(new() { MaxStreams = 2 });
        using var hits = new LimitHits(proxy);
        await using var client = await RawHttp2.ConnectAsync(proxy);
        foreach (var stream in new[] { 1, 3, 5 })
        {
            client.Add(RawHttp2.Headers, RawHttp2.EndHeaders, stream, RawHttp2.Post); // without their bodies they do not end
        }

        await client.FlushAsync();
        Assert.Equal([0, 0, 0, 7], await client.ReadAsync(RawHttp2.Reset)); // REFUSED_STREAM
        await hits.HasAsync("streams");
    }

    [Fact]
    public async Task A_body_that_is_too_big_is_413_and_to_gRPC_a_status_of_its_own()
    {
        await using var proxy = await ProxyUnderTest.StartAsync(options => options.Policies = RoutePolicies.Default with { MaxBodySize = 10 });
        proxy.Serve(backend.Destination);
        using var hits = new LimitHits(proxy);
        using var client = proxy.CreateClient(version: HttpVersion.Version20);
        using var bytes = new ByteArrayContent(new byte[11]);
        using var refused = await client.PostAsync("/", bytes);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, refused.StatusCode);
        await hits.HasOfRouteAsync("body_size");

        using var message = new ByteArrayContent(new byte[11]) { Headers = { ContentType = new("application/grpc") } };
        using var call = await client.PostAsync("/", message);
        Assert.Equal((HttpStatusCode.OK, "8"), (call.StatusCode, call.Headers.GetValues("grpc-status").Single()));
        await hits.HasOfRouteAsync("body_size", 2);
    }

    [Fact]
    public async Task A_slow_body_costs_only_its_stream()
    {
        await using var proxy = await StartAsync(new() { BodyTimeout = Short });
        using var client = proxy.CreateClient(version: HttpVersion.Version20);
        using var body = new StalledBody();
        using var stalled = await client.PostAsync("/", body);
        Assert.Equal(HttpStatusCode.RequestTimeout, stalled.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/")).StatusCode);
    }

    /// <returns>The head of the answer, in HPACK; null where the connection ended.</returns>
    private static async Task<byte[]?> AnswerToFieldsAsync(ProxyUnderTest proxy, int count, int length)
    {
        await using var client = await RawHttp2.ConnectAsync(proxy);
        client.Add(RawHttp2.Headers, RawHttp2.EndStream | RawHttp2.EndHeaders, 1, [.. RawHttp2.Get, .. Enumerable.Repeat(RawHttp2.Field('x', length), count).SelectMany(field => field)]);
        await client.FlushAsync();
        return await client.ReadAsync(RawHttp2.Headers);
    }

    private async Task<ProxyUnderTest> StartAsync(LimitOptions limits)
    {
        var proxy = await ProxyUnderTest.StartAsync(options => options.Limits = limits);
        proxy.Serve(backend.Destination);
        return proxy;
    }

    /// <summary>A body of which one byte comes.</summary>
    private sealed class StalledBody : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(new byte[1]);
            await stream.FlushAsync();
            await new TaskCompletionSource().Task;
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
