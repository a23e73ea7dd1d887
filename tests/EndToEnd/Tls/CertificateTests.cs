using IngressController.Testing;

namespace IngressController.EndToEnd.Tls;

public sealed class CertificateTests
{
    [Fact]
    public async Task A_client_that_trusts_the_authority_is_answered_over_tls()
    {
        await using var world = await TlsWorld.StartAsync(world =>
        {
            world.Write("secret", world.Authority.Intermediate().Server("a.test").Secret("a"));
            world.Write("a", TlsWorld.Ingress("a", "a.test", "{ hosts: [a.test], secretName: a }"));
        });
        using var client = world.Client();
        using var answer = await client.GetAsync("https://a.test/hello");
        Assert.Equal(System.Net.HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("https", world.Backend.Single.Header("X-Forwarded-Proto"));
    }

    [Fact]
    public async Task A_certificate_that_changes_is_used_by_the_next_handshake()
    {
        await using var world = await TlsWorld.StartAsync(world => world.Write("a", TlsWorld.Ingress("a", "a.test", "{ hosts: [a.test], secretName: a }")));
        var selfSigned = await world.SerialAsync("a.test");
        foreach (var certificate in new[] { world.Authority.Server("a.test"), world.Authority.RsaServer("a.test") })
        {
            world.Write("secret", certificate.Secret("a"));
            await Eventually.TrueAsync(async () => await world.SerialAsync("a.test") == certificate.Serial, "the new certificate");
        }

        world.Delete("secret");
        await Eventually.TrueAsync(async () => await world.SerialAsync("a.test") == selfSigned, "the default certificate");
    }
}
