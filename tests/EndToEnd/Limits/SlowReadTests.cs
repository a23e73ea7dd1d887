using System.Text;
using IngressController.EndToEnd.Proxy;
using IngressController.Proxy.Limits;
using IngressController.Testing;

namespace IngressController.EndToEnd.Limits;

/// <summary>A client that does not take its answer is cut off, whatever it took before; one to whom there is nothing to say is not.</summary>
public sealed class SlowReadTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(500);

    /// <summary>Long enough for a client on a slow machine to begin.</summary>
    private static readonly LimitOptions Impatient = new() { WriteTimeout = Short, KeepAliveTimeout = TimeSpan.FromSeconds(5), HeaderTimeout = TimeSpan.FromSeconds(5) };

    [Fact]
    public async Task A_client_that_stops_reading_is_cut_off_and_a_quiet_stream_lives()
    {
        using var next = new SemaphoreSlim(0);
        await using var backend = new RawBackend(async (stream, cancellationToken) =>
        {
            var head = await RawBackend.ReadHeadAsync(stream, cancellationToken);
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"u8.ToArray(), cancellationToken);
            if (head.StartsWith("GET /events", StringComparison.Ordinal))
            {
                await stream.WriteAsync("data: one\n\n"u8.ToArray(), cancellationToken);
                await next.WaitAsync(cancellationToken);
                await stream.WriteAsync("data: two\n\n"u8.ToArray(), cancellationToken);
                return;
            }

            while (true)
            {
                await stream.WriteAsync(new byte[65_536], cancellationToken);
            }
        });
        await using var proxy = await ProxyUnderTest.StartAsync(options => options.Limits = new() { WriteTimeout = Short });
        proxy.Serve(backend.Destination);
        using var hits = new LimitHits(proxy);
        await using var events = await AskAsync(proxy, "/events");
        using var reader = new StreamReader(events);
        while (await reader.ReadLineAsync().InTime() != "data: one")
        {
        }

        await using var greedy = await AskAsync(proxy, "/endless");
        await greedy.ReadExactlyAsync(new byte[4 * 1024 * 1024]).AsTask().InTime(); // much taken: no credit for standing still
        await hits.HasAsync("write_timeout");
        next.Release();
        while (await reader.ReadLineAsync().InTime() != "data: two")
        {
        }
    }

    [Fact]
    public async Task So_is_a_stream_of_HTTP_2_whose_window_stays_shut()
    {
        await using var backend = RawBackend.Answering("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n" + new string('a', 1_000_000));
        await using var proxy = await ProxyUnderTest.StartAsync(options => options.Limits = new() { WriteTimeout = Short });
        proxy.Serve(backend.Destination);
        using var hits = new LimitHits(proxy);
        await using var client = await RawHttp2.ConnectAsync(proxy, window: 0);
        client.Add(RawHttp2.Headers, RawHttp2.EndStream | RawHttp2.EndHeaders, 1, RawHttp2.Get);
        await client.FlushAsync();
        Assert.NotNull(await client.ReadAsync(RawHttp2.Reset));
        await hits.HasOfRouteAsync("write_timeout");
    }

    [Fact]
    public async Task And_a_small_answer_that_waits_behind_a_shut_window()
    {
        await using var backend = RawBackend.Answering("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123456789");
        await using var proxy = await ProxyUnderTest.StartAsync(options => options.Limits = Impatient);
        proxy.Serve(backend.Destination);
        using var hits = new LimitHits(proxy);
        await using var client = await RawHttp2.ConnectAsync(proxy, window: 0);
        client.Add(RawHttp2.Headers, RawHttp2.EndStream | RawHttp2.EndHeaders, 1, RawHttp2.Get);
        await client.FlushAsync();
        Assert.Null(await client.ReadAsync(RawHttp2.Reset)); // the connection ends
        await hits.HasAsync("write_timeout");
    }

    /// <summary>Kestrel's own limit forgets an answer that came in two parts.</summary>
    [Fact]
    public async Task And_one_that_came_in_parts()
    {
        using var next = new SemaphoreSlim(0);
        await using var backend = new RawBackend(async (stream, cancellationToken) =>
        {
            await RawBackend.ReadHeadAsync(stream, cancellationToken);
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n01234"u8.ToArray(), cancellationToken);
            await next.WaitAsync(cancellationToken);
            await stream.WriteAsync("56789"u8.ToArray(), cancellationToken);
        });
        await using var proxy = await ProxyUnderTest.StartAsync(options => options.Limits = Impatient);
        proxy.Serve(backend.Destination);
        using var hits = new LimitHits(proxy);
        await using var client = await RawHttp2.ConnectAsync(proxy, window: 0);
        client.Add(RawHttp2.Headers, RawHttp2.EndStream | RawHttp2.EndHeaders, 1, RawHttp2.Get);
        await client.FlushAsync();
        Assert.NotNull(await client.ReadAsync(RawHttp2.Headers)); // so the first part is there, and waits
        next.Release();
        Assert.Null(await client.ReadAsync(RawHttp2.Reset));
        await hits.HasAsync("write_timeout");
    }

    private static async Task<Stream> AskAsync(ProxyUnderTest proxy, string path)
    {
        var stream = await proxy.ConnectAsync();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {ProxyUnderTest.Host}\r\n\r\n"));
        return stream;
    }
}
