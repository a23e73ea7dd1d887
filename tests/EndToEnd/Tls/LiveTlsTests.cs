using System.Net;
using IngressController.Testing;
using IngressController.Testing.Tls;

namespace IngressController.EndToEnd.Tls;

/// <summary>What changes while a connection is open, which stays.</summary>
public sealed class LiveTlsTests
{
    [Fact]
    public async Task Who_is_revoked_is_turned_away_on_the_connection_that_is_open()
    {
        using var clients = TestAuthority.Create("clients");
        var me = clients.Client("CN=me");
        await using var world = await TlsWorld.StartAsync(world =>
        {
            world.Write("front", world.Authority.Server("must.test").Secret("all"));
            world.Write("ca", clients.Secret("ca"));
            world.Write("must", GuardedHosts.Ingress("must", "ca"));
        });
        var connections = 0;
        using var handler = world.Handler(me);
        var connect = handler.ConnectCallback!;
        handler.ConnectCallback = (context, cancellationToken) =>
        {
            Interlocked.Increment(ref connections);
            return connect(context, cancellationToken);
        };
        using var client = new HttpClient(handler);
        await AnswersAsync(HttpStatusCode.OK);

        world.Write("ca", clients.Secret("ca", clients.RevocationList(TimeSpan.FromDays(9), me)));
        await AnswersAsync(HttpStatusCode.BadRequest);
        world.Write("ca", clients.Secret("ca", "no list"));
        await AnswersAsync(HttpStatusCode.ServiceUnavailable);
        world.Write("ca", clients.Secret("ca", clients.RevocationList(TimeSpan.FromDays(9))));
        await AnswersAsync(HttpStatusCode.OK);
        Assert.Equal(1, connections);

        Task AnswersAsync(HttpStatusCode status) => Eventually.TrueAsync(
            async () =>
            {
                using var answer = await client.GetAsync("https://must.test/");
                return answer.StatusCode == status;
            },
            $"{status}");
    }

    [Fact]
    public async Task The_default_certificate_follows_its_Secret()
    {
        TestCertificate? one = null, two = null;
        await using var world = await TlsWorld.StartAsync(
            world =>
            {
                (one, two) = (world.Authority.Server("one.test"), world.Authority.Server("two.test"));
                world.Write("default", one.Secret("fallback"));
                world.Write("web-ingress", TlsWorld.Ingress("web", "a.test"));
            },
            "--default-tls-secret", "default/fallback");
        Assert.Equal(one!.Serial, await world.SerialAsync("nobody.test"));
        await using var open = await world.ShakeHandsAsync("nobody.test");

        world.Write("default", two!.Secret("fallback"));
        await Eventually.TrueAsync(async () => await world.SerialAsync("nobody.test") == two.Serial, "the changed one");
        world.Delete("default");
        await Eventually.TrueAsync(async () => await world.SerialAsync("nobody.test") is var serial && serial != two.Serial && serial != one.Serial, "the self-signed one");

        await open.WriteAsync("GET / HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n"u8.ToArray());
        using var reader = new StreamReader(open);
        Assert.StartsWith("HTTP/1.1 200 ", await reader.ReadToEndAsync().InTime(), StringComparison.Ordinal);
    }
}
