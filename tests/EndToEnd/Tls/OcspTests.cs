using System.Net;
using System.Net.Sockets;
using IngressController.Testing;
using IngressController.Testing.Tls;

namespace IngressController.EndToEnd.Tls;

public sealed class OcspTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();
    private readonly int port = FreePort();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task The_answer_of_the_responder_that_the_certificate_names_is_stapled_as_soon_as_it_is_there()
    {
        TestCertificate certificate = null!;
        await using var world = await TlsWorld.StartAsync(world =>
        {
            certificate = world.Authority.ServerWithResponder(new Uri($"http://127.0.0.1:{port}/"), "a.test");
            world.Write("secret", certificate.Secret("a", certificates: certificate.Pem + world.Authority.Pem));
            world.Write("a", TlsWorld.Ingress("a", "a.test", "{ hosts: [a.test], secretName: a }"));
        });
        Assert.Contains("OCSP response: no response sent", await world.ShakeHandsAsync("-servername", "a.test", "-status"), StringComparison.Ordinal);
        await using var responder = Respond(world.Authority, certificate);
        await Eventually.TrueAsync(
            async () => (await world.ShakeHandsAsync("-servername", "a.test", "-status")).Contains("Cert Status: good", StringComparison.Ordinal), "the answer");
    }

    [Fact]
    public async Task Nobody_is_asked_where_that_is_turned_off()
    {
        TestCertificate certificate = null!;
        await using var world = await TlsWorld.StartAsync(
            world =>
            {
                certificate = world.Authority.ServerWithResponder(new Uri($"http://127.0.0.1:{port}/"), "a.test");
                world.Write("secret", certificate.Secret("a", certificates: certificate.Pem + world.Authority.Pem));
                world.Write("a", TlsWorld.Ingress("a", "a.test", "{ hosts: [a.test], secretName: a }"));
            },
            "--no-ocsp-stapling");
        await using var responder = Respond(world.Authority, certificate);
        await responder.SaysAsync("waiting for OCSP client");
        for (var handshake = 0; handshake < 3; handshake++)
        {
            Assert.Contains("OCSP response: no response sent", await world.ShakeHandsAsync("-servername", "a.test", "-status"), StringComparison.Ordinal);
        }

        Assert.DoesNotContain("Received request", responder.Output + responder.Errors, StringComparison.Ordinal);
    }

    private RunningProgram Respond(TestAuthority authority, TestCertificate certificate)
    {
        directory.Write("index", $"V\t491231235959Z\t\t{certificate.Serial}\tunknown\t/CN=a.test\n");
        directory.Write("ca.pem", authority.Pem);
        directory.Write("ca.key", authority.KeyPem);
        string[] arguments =
        [
            "ocsp", "-port", $"{port}", "-index", directory.File("index"), "-CA", directory.File("ca.pem"), "-rsigner", directory.File("ca.pem"), "-rkey", directory.File("ca.key"), "-ndays", "3",
        ];
        return RunningProgram.Start("openssl", arguments);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
