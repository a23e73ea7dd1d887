using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using IngressController.EndToEnd.Proxy;
using IngressController.EndToEnd.Tls;
using IngressController.Testing;

namespace IngressController.EndToEnd.Limits;

/// <summary>The real program with small limits from its command line: what a client sees, and /metrics. Every client has an address of its own, by the PROXY protocol.</summary>
public sealed class LimitFlagTests
{
    private const string Host = ProxyUnderTest.Host;
    private const int MostConnections = 10;

    private static readonly string[] Flags =
    [
        "--proxy-protocol", "--trusted-proxies", "127.0.0.1",
        "--max-connections", $"{MostConnections}", "--max-connections-per-client", "2", "--max-requests-per-connection", "2",
        "--max-header-bytes", "2000", "--max-header-count", "20", "--max-request-line", "1000",
        "--max-body-size", "1000", "--body-timeout", "1s", "--min-body-rate", "10000",
    ];

    private static readonly (string, string) Route = ("ingress=\"shop\",", ",namespace=\"default\",service=\"web:80\"");

    private TlsWorld world = null!;
    private int clients;

    [Fact]
    public async Task Every_limit_that_is_given_holds_and_is_counted()
    {
        await using var started = world = await TlsWorld.StartAsync(world => world.Write("shop", TlsWorld.Ingress("shop", Host)), Flags);
        Assert.Equal(200, await StatusAsync(Get(new('a', 1000 - "GET / HTTP/1.1\r\n".Length))));
        Assert.Equal(414, await StatusAsync(Get(new('a', 1000))));
        await HitsAsync("request_line", 1);
        Assert.Equal(431, await StatusAsync(Get("", $"X: {new string('a', 2000)}\r\n")));
        Assert.Equal(431, await StatusAsync(Get("", string.Concat(Enumerable.Range(0, 20).Select(index => $"X{index}: a\r\n")))));
        await HitsAsync("headers", 2);
        Assert.Equal(413, await StatusAsync($"POST / HTTP/1.1\r\nHost: {Host}\r\nConnection: close\r\nContent-Length: 1001\r\n\r\n{new string('a', 1001)}"));
        await HitsAsync("body_size", 1, Route);

        Assert.Equal(408, await StatusOfTrickleAsync());
        await HitsAsync("body_timeout", 1, Route);

        await AskTwiceAsync();
        await AskTwiceOverHttp2Async();
        await HitsAsync("requests_per_connection", 2);

        await ConnectTooOftenAsync();
    }

    private async Task<int> StatusAsync(string request)
    {
        await using var stream = await ConnectAsync(++clients);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request));
        return StatusOf(await RawBackend.ReadHeadAsync(stream, CancellationToken.None).InTime());
    }

    /// <summary>No part of the body takes as long as the time for the next one.</summary>
    private async Task<int> StatusOfTrickleAsync()
    {
        await using var stream = await ConnectAsync(++clients);
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST / HTTP/1.1\r\nHost: {Host}\r\nTransfer-Encoding: chunked\r\n\r\n"));
        var answer = RawBackend.ReadHeadAsync(stream, CancellationToken.None);
        await Eventually.TrueAsync(
            async () =>
            {
                await (answer.IsCompleted ? ValueTask.CompletedTask : stream.WriteAsync("1\r\na\r\n"u8.ToArray()));
                return answer.IsCompleted;
            },
            "an answer");
        return StatusOf(await answer);
    }

    private async Task AskTwiceAsync()
    {
        await using var stream = await ConnectAsync(++clients);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat($"GET / HTTP/1.1\r\nHost: {Host}\r\n\r\n", 2))));
        using var reader = new StreamReader(stream, Encoding.Latin1);
        var answers = await reader.ReadToEndAsync().InTime();
        Assert.Equal((2, 1), (Regex.Count(answers, "HTTP/1.1 200 "), Regex.Count(answers, "Connection: close")));
    }

    private async Task AskTwiceOverHttp2Async()
    {
        await using var client = await RawHttp2.BeginAsync(await ConnectAsync(++clients));
        foreach (var stream in new[] { 1, 3 })
        {
            client.Add(RawHttp2.Headers, RawHttp2.EndStream | RawHttp2.EndHeaders, stream, RawHttp2.Get);
        }

        await client.FlushAsync();
        var goAway = await client.ReadAsync(RawHttp2.GoAway);
        Assert.Equal([0, 0, 0, 0], goAway![4..8]); // NO_ERROR
    }

    /// <summary>What is too much for one client is closed before it is too much for all.</summary>
    private async Task ConnectTooOftenAsync()
    {
        await Eventually.TrueAsync(async () => await ReadAsync("ingress_connections_active{port=\"http\"}") == 0, "all connections so far have ended");
        var open = new List<Stream>();
        try
        {
            open.AddRange([await AskingAsync(1), await AskingAsync(1)]);
            await IsClosedAsync(1);
            await HitsAsync("connections_per_client", 1);
            await HitsAsync("connections", 0);
            await Eventually.TrueAsync(async () => await ReadAsync("ingress_connections_active{port=\"http\"}") == 2, "the third has ended");
            for (var client = 2; client <= MostConnections / 2; client++)
            {
                open.AddRange([await AskingAsync(client), await AskingAsync(client)]);
            }

            await IsClosedAsync(200);
            await HitsAsync("connections", 1);
        }
        finally
        {
            open.ForEach(stream => stream.Dispose());
        }
    }

    private static string Get(string path, string headers = "") => $"GET /{path} HTTP/1.1\r\nHost: {Host}\r\nConnection: close\r\n{headers}\r\n";

    private static int StatusOf(string head) => int.Parse(head.AsSpan("HTTP/1.1 ".Length, 3), CultureInfo.InvariantCulture);

    /// <summary>A connection on which a request has been answered, so that it is counted.</summary>
    private async Task<Stream> AskingAsync(int client)
    {
        var stream = await ConnectAsync(client);
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET / HTTP/1.1\r\nHost: {Host}\r\n\r\n"));
        Assert.StartsWith("HTTP/1.1 200 ", await RawBackend.ReadHeadAsync(stream, CancellationToken.None).InTime(), StringComparison.Ordinal);
        return stream;
    }

    private async Task IsClosedAsync(int client)
    {
        try
        {
            await using var stream = await ConnectAsync(client);
            Assert.Equal(0, await stream.ReadAsync(new byte[1]).AsTask().InTime());
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            // closed before the header was there
        }
    }

    /// <param name="client">From 1.</param>
    private async Task<NetworkStream> ConnectAsync(int client)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, world.Controller.Http.Port));
        var stream = new NetworkStream(socket, ownsSocket: true);
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"PROXY TCP4 192.0.2.{client} 198.51.100.1 50000 80\r\n"));
        return stream;
    }

    /// <param name="route">The labels before and after the limit's; null where no route was known.</param>
    private Task HitsAsync(string limit, int times, (string Before, string After)? route = null) =>
        Eventually.TrueAsync(async () => await ReadAsync($"ingress_limit_hits_total{{{route?.Before}limit=\"{limit}\"{route?.After}}}") == times, $"{limit} {times}");

    /// <returns>0 also where there is no such series.</returns>
    private async Task<int> ReadAsync(string series)
    {
        var value = Regex.Match(await world.Controller.Admin.GetStringAsync("/metrics"), $"(?m)^{Regex.Escape(series)} (\\d+)");
        return value.Success ? int.Parse(value.Groups[1].Value, CultureInfo.InvariantCulture) : 0;
    }
}
