using IngressController.EndToEnd.Proxy;
using IngressController.Proxy.Limits;
using IngressController.Testing;

namespace IngressController.EndToEnd.Limits;

/// <summary>HTTP/2 connections whose client has taken all that it asked for, and goes on sending PINGs.</summary>
public sealed class IdleConnectionTests
{
    /// <summary>Nothing but the time between two requests may pass.</summary>
    private static readonly LimitOptions Limits = new() { KeepAliveTimeout = TimeSpan.FromSeconds(1) };

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task PINGs_do_not_hold_a_connection_that_asks_nothing(bool tls, bool hasAsked)
    {
        await using var backend = await EchoBackend.StartAsync();
        await using var proxy = await ProxyUnderTest.StartAsync(options => options.Limits = Limits);
        proxy.Serve(backend.Destination);
        using var hits = new LimitHits(proxy);
        await using var client = tls ? await RawHttp2.ConnectTlsAsync(proxy) : await RawHttp2.ConnectAsync(proxy);
        if (hasAsked)
        {
            client.Add(RawHttp2.Headers, RawHttp2.EndStream | RawHttp2.EndHeaders, 1, tls ? RawHttp2.SecureGet : RawHttp2.Get);
            await client.FlushAsync();
            Assert.NotNull(await client.ReadAsync(RawHttp2.Data));
        }

        var goAway = client.ReadAsync(RawHttp2.GoAway);
        await Eventually.TrueAsync(
            async () =>
            {
                client.Add(RawHttp2.Ping, 0, 0, new byte[8]);
                return !await client.FlushAsync() || goAway.IsCompleted;
            },
            "the connection is ended");

        Assert.Equal([0, 0, 0, (byte)(hasAsked ? 1 : 0), 0, 0, 0, 0], await goAway); // the last stream, and NO_ERROR
        await hits.HasAsync("keep_alive_timeout");
        await hits.HasAsync("write_timeout", 0);
    }
}
