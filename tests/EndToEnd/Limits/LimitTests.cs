using System.Text;
using IngressController.EndToEnd.Proxy;
using IngressController.Proxy.Limits;
using IngressController.Routing.Model;
using IngressController.Testing;

namespace IngressController.EndToEnd.Limits;

/// <summary>Every limit: what the client sees, the metric, and the line in the access log.</summary>
public sealed class LimitTests : IAsyncLifetime
{
    private const string Begin = $"GET / HTTP/1.1\r\nHost: {ProxyUnderTest.Host}\r\n";
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(300);

    private EchoBackend backend = null!;

    public async Task InitializeAsync() => backend = await EchoBackend.StartAsync();

    public async Task DisposeAsync() => await backend.DisposeAsync();

    [Fact]
    public async Task Too_many_bytes_of_headers_are_431()
    {
        await using var proxy = await StartAsync(new() { MaxHeaderBytes = 2000 });
        using var hits = new LimitHits(proxy);
        await RefusedAsync(proxy, $"{Begin}X: {new string('a', 2000)}\r\n\r\n", 431, "HeadersTooLarge");
        await hits.HasAsync("headers");
    }

    [Fact]
    public async Task Too_many_headers_are_431()
    {
        await using var proxy = await StartAsync(new() { MaxHeaderCount = 10 });
        using var hits = new LimitHits(proxy);
        await RefusedAsync(proxy, Begin + string.Concat(Enumerable.Range(0, 10).Select(index => $"X{index}: a\r\n")) + "\r\n", 431, "HeadersTooLarge");
        await hits.HasAsync("headers");
    }

    [Fact]
    public async Task A_long_request_line_is_414()
    {
        await using var proxy = await StartAsync(new() { MaxRequestLine = 300 });
        using var hits = new LimitHits(proxy);
        Assert.StartsWith("HTTP/1.1 200 ", await proxy.SendRawAsync(LineOf(300)), StringComparison.Ordinal);
        await RefusedAsync(proxy, LineOf(301), 414, "RequestLineTooLong");
        await hits.HasAsync("request_line");
        await RefusedAsync(proxy, LineOf(100_000), 414, "RequestLineTooLong"); // what Kestrel does not take either
        await hits.HasAsync("request_line", 2);

        static string LineOf(int bytes) => $"GET /{new string('a', bytes - "GET / HTTP/1.1\r\n".Length)} HTTP/1.1\r\nHost: {ProxyUnderTest.Host}\r\nConnection: close\r\n\r\n";
    }

    [Fact]
    public async Task What_is_no_HTTP_is_400_and_no_limit()
    {
        await using var proxy = await StartAsync(new());
        await RefusedAsync(proxy, "hello\r\n\r\n", 400, "MalformedRequest");
    }

    [Fact]
    public async Task Headers_that_do_not_come_in_time_are_408()
    {
        await using var proxy = await StartAsync(new() { HeaderTimeout = Short });
        using var hits = new LimitHits(proxy);
        await RefusedAsync(proxy, Begin, 408, "HeaderTimeout");
        await hits.HasAsync("header_timeout");
    }

    [Fact]
    public async Task A_body_that_stops_coming_is_408_and_not_the_fault_of_the_backend()
    {
        await using var proxy = await StartAsync(new() { BodyTimeout = Short });
        using var hits = new LimitHits(proxy);
        await RefusedAsync(proxy, $"POST / HTTP/1.1\r\nHost: {ProxyUnderTest.Host}\r\nContent-Length: 100\r\n\r\nhello", 408, "BodyTimeout");
        await hits.HasOfRouteAsync("body_timeout");
    }

    [Fact]
    public async Task A_body_that_is_too_big_is_413_also_where_that_is_found_out_on_the_way()
    {
        await using var proxy = await ProxyUnderTest.StartAsync(options => options.Policies = RoutePolicies.Default with { MaxBodySize = 10 });
        proxy.Serve(backend.Destination);
        using var hits = new LimitHits(proxy);
        const string Post = $"POST / HTTP/1.1\r\nHost: {ProxyUnderTest.Host}\r\nConnection: close\r\n";
        Assert.StartsWith("HTTP/1.1 200 ", await proxy.SendRawAsync($"{Post}Content-Length: 10\r\n\r\n0123456789"), StringComparison.Ordinal);
        await RefusedAsync(proxy, $"{Post}Content-Length: 11\r\n\r\n0123456789a", 413, "BodyTooLarge");
        await hits.HasOfRouteAsync("body_size");
        await RefusedAsync(proxy, $"{Post}Transfer-Encoding: chunked\r\n\r\nb\r\n0123456789a\r\n0\r\n\r\n", 413, "BodyTooLarge");
        await hits.HasOfRouteAsync("body_size", 2);
    }

    [Fact]
    public async Task Connections_beyond_the_most_are_closed_until_another_one_ends()
    {
        await using var proxy = await StartAsync(new() { MaxConnections = 1 });
        using var hits = new LimitHits(proxy);
        await OneAtATimeAsync(proxy, hits, "connections");
    }

    [Fact]
    public async Task So_are_those_of_one_client()
    {
        await using var proxy = await StartAsync(new() { MaxConnectionsPerClient = 1 });
        using var hits = new LimitHits(proxy);
        await OneAtATimeAsync(proxy, hits, "connections_per_client");
    }

    [Fact]
    public async Task A_connection_closes_after_the_last_of_its_requests()
    {
        await using var proxy = await StartAsync(new() { MaxRequestsPerConnection = 2 });
        using var hits = new LimitHits(proxy);
        var answers = await proxy.SendRawAsync($"{Begin}\r\n{Begin}\r\n{Begin}\r\n");
        Assert.Equal(2, answers.Split("HTTP/1.1 200").Length - 1);
        Assert.Contains("Connection: close", answers, StringComparison.Ordinal);
        await hits.HasAsync("requests_per_connection");
    }

    [Fact]
    public async Task An_idle_connection_is_closed()
    {
        await using var proxy = await StartAsync(new() { KeepAliveTimeout = Short });
        using var hits = new LimitHits(proxy);
        Assert.StartsWith("HTTP/1.1 200", await proxy.SendRawAsync($"{Begin}\r\n"), StringComparison.Ordinal);
        await hits.HasAsync("keep_alive_timeout");

        await using var other = await RawHttp2.ConnectAsync(proxy);
        Assert.Null(await other.ReadAsync(RawHttp2.Reset)); // nothing is asked, so it ends
        await hits.HasAsync("keep_alive_timeout", 2);
    }

    private static async Task OneAtATimeAsync(ProxyUnderTest proxy, LimitHits hits, string limit)
    {
        var first = await proxy.ConnectAsync();
        await AnswersAsync(first);
        Assert.Equal("", await RawAsync(proxy));
        await hits.HasAsync(limit);
        await first.DisposeAsync();
        await Eventually.TrueAsync(async () => (await proxy.TryAsync(Begin + "Connection: close\r\n\r\n")).StartsWith("HTTP/1.1 200", StringComparison.Ordinal), "a place is free again");
    }

    private static async Task<string> RawAsync(ProxyUnderTest proxy) => await proxy.TryAsync(Begin + "Connection: close\r\n\r\n");

    private static async Task AnswersAsync(Stream stream)
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes(Begin + "\r\n"));
        Assert.StartsWith("HTTP/1.1 200", await RawBackend.ReadHeadAsync(stream, CancellationToken.None).InTime(), StringComparison.Ordinal);
    }

    private static async Task RefusedAsync(ProxyUnderTest proxy, string request, int status, string reason)
    {
        Assert.StartsWith($"HTTP/1.1 {status} ", await proxy.SendRawAsync(request), StringComparison.Ordinal);
        await Eventually.TrueAsync(() => proxy.Log.Lines.Any(line => line.Contains($"\"{reason}\"", StringComparison.Ordinal) && line.Contains($":{status},", StringComparison.Ordinal)), reason);
    }

    private async Task<ProxyUnderTest> StartAsync(LimitOptions limits)
    {
        var proxy = await ProxyUnderTest.StartAsync(options => options.Limits = limits);
        proxy.Serve(backend.Destination);
        return proxy;
    }
}
