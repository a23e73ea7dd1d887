using System.Net;
using IngressController.EndToEnd.Proxy;
using IngressController.Testing;

namespace IngressController.EndToEnd.Limits;

/// <summary>Clients that abuse HTTP/2. Memory stays what it is, the connection ends where that is due, and others are served meanwhile.</summary>
public sealed class FloodTests : IAsyncLifetime
{
    private const long MostMemory = 64 * 1024 * 1024;

    private EchoBackend backend = null!;
    private ProxyUnderTest proxy = null!;

    public async Task InitializeAsync()
    {
        backend = await EchoBackend.StartAsync();
        proxy = await ProxyUnderTest.StartWithAsync(backend.Destination);
    }

    public async Task DisposeAsync()
    {
        await proxy.DisposeAsync();
        await backend.DisposeAsync();
    }

    [Fact]
    public async Task Streams_that_are_opened_and_reset_are_not_hoarded()
    {
        await using var client = await RawHttp2.ConnectAsync(proxy);
        await FloodAsync(client, 200, 100, (frames, index) =>
        {
            frames.Add(RawHttp2.Headers, RawHttp2.EndStream | RawHttp2.EndHeaders, (2 * index) + 1, RawHttp2.Get);
            frames.Add(RawHttp2.Reset, 0, (2 * index) + 1, [0, 0, 0, 8]);
        });
    }

    /// <summary>Kestrel aborts it at once, so its GOAWAY may be lost.</summary>
    [Fact]
    public async Task And_end_their_connection()
    {
        await using var client = await RawHttp2.ConnectAsync(proxy);
        var ended = client.ReadAsync(RawHttp2.GoAway);
        for (var index = 0; index < 100_000 && !ended.IsCompleted && await client.FlushAsync(); index++)
        {
            client.Add(RawHttp2.Headers, RawHttp2.EndStream | RawHttp2.EndHeaders, (2 * index) + 1, RawHttp2.Get);
            client.Add(RawHttp2.Reset, 0, (2 * index) + 1, [0, 0, 0, 8]);
        }

        await ended; // a connection that lives does not end by itself
    }

    [Fact]
    public async Task Headers_without_an_end_end_the_connection()
    {
        await using var client = await RawHttp2.ConnectAsync(proxy);
        client.Add(RawHttp2.Headers, RawHttp2.EndStream, 1, RawHttp2.Get);
        byte[] part = [0x00, 1, (byte)'x', 127, 0x81, 0x7e, .. Enumerable.Repeat((byte)'a', 16_000 + 384)];
        part = part[..16_384];
        await FloodAsync(client, 100, 10, (frames, _) => frames.Add(RawHttp2.Continuation, 0, 1, part));
        Assert.Null(await client.ReadAsync(RawHttp2.Headers)); // the connection has ended, and nothing was answered
    }

    [Theory]
    [InlineData(RawHttp2.Settings, 0)]
    [InlineData(RawHttp2.Ping, 8)]
    public async Task Frames_that_want_an_answer_nobody_reads_are_not_hoarded(byte type, int length)
    {
        await using var client = await RawHttp2.ConnectAsync(proxy);
        await FloodAsync(client, 1000, 100, (frames, _) => frames.Add(type, 0, 0, new byte[length]), mayStall: true);
    }

    [Fact]
    public async Task Empty_frames_of_a_body_are_not_hoarded()
    {
        await using var client = await RawHttp2.ConnectAsync(proxy);
        client.Add(RawHttp2.Headers, RawHttp2.EndHeaders, 1, RawHttp2.Post);
        await FloodAsync(client, 1000, 100, (frames, _) => frames.Add(RawHttp2.Data, 0, 1, []));
    }

    /// <summary>Sends batches while a well-behaved client asks.</summary>
    /// <param name="mayStall">The server may stop taking anything.</param>
    private async Task FloodAsync(RawHttp2 flood, int batches, int batchSize, Action<RawHttp2, int> add, bool mayStall = false)
    {
        using var other = proxy.CreateClient(version: HttpVersion.Version20);
        Assert.Equal(HttpStatusCode.OK, (await other.GetAsync("/")).StatusCode);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var isOpen = true;
        for (var batch = 0; batch < batches && isOpen; batch++)
        {
            for (var index = 0; index < batchSize; index++)
            {
                add(flood, (batch * batchSize) + index);
            }

            var sent = flood.FlushAsync();
            using var answer = await other.GetAsync("/").InTime();
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            if (mayStall && !sent.IsCompleted)
            {
                break;
            }

            isOpen = await sent;
        }

        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, MostMemory);
    }
}
