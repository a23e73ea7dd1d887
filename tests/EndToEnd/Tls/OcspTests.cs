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
    public async Task It_is_stapled_too_where_clients_are_asked_for_certificates()
    {
        TestCertificate certificate = null!;
        using var clients = TestAuthority.Create("clients");
        await using var world = await TlsWorld.StartAsync(world =>
        {
            certificate = world.Authority.ServerWithResponder(new Uri($"http://127.0.0.1:{port}/"), "a.test");
            world.Write("secret", certificate.Secret("a", certificates: certificate.Pem + world.Authority.Pem));
            world.Write("clients", clients.Secret("clients"));
            world.Write("a", TlsWorld.Ingress("a", "a.test", "{ hosts: [a.test], secretName: a }", "nginx.ingress.kubernetes.io/auth-tls-secret: default/clients"));
        });
        await using var responder = Respond(world.Authority, certificate);
        var said = "";
        await Eventually.TrueAsync(
            async () => (said = await world.ShakeHandsAsync("-servername", "a.test", "-status")).Contains("Cert Status: good", StringComparison.Ordinal), "the answer");
        Assert.Contains("Acceptable client certificate CA names\nCN = clients", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Responders_that_never_answer_delay_nobody()
    {
        const int Dead = 20;
        using var silent = new SilentListener();
        var nobody = new Uri($"http://127.0.0.1:{silent.Destination.Port}/");
        TestCertificate certificate = null!;
        await using var world = await TlsWorld.StartAsync(world =>
        {
            for (var number = 0; number < Dead; number++)
            {
                var dead = world.Authority.ServerWithResponder(nobody, $"dead{number}.test", issuer: nobody); // its issuer is not in the Secret
                world.Write($"dead{number}", dead.Secret($"dead{number}") + "\n---\n" + TlsWorld.Ingress($"dead{number}", $"dead{number}.test", $"{{ hosts: [dead{number}.test], secretName: dead{number} }}"));
            }

            certificate = world.Authority.ServerWithResponder(new Uri($"http://127.0.0.1:{port}/"), "z.test");
            world.Write("z-secret", certificate.Secret("z", certificates: certificate.Pem + world.Authority.Pem));
            world.Write("z", TlsWorld.Ingress("z", "z.test", "{ hosts: [z.test], secretName: z }"));
        });
        await using var responder = Respond(world.Authority, certificate);
        await Task.WhenAll(Enumerable.Range(0, Dead).Select(number => world.SerialAsync($"dead{number}.test"))).InTime();
        await Eventually.TrueAsync(
            async () => (await world.ShakeHandsAsync("-servername", "z.test", "-status")).Contains("Cert Status: good", StringComparison.Ordinal), "the answer");
    }

    [Fact]
    public async Task Of_an_answer_without_end_only_a_megabyte_is_read()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var world = await TlsWorld.StartAsync(world =>
        {
            var certificate = world.Authority.ServerWithResponder(new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/"), "a.test");
            world.Write("secret", certificate.Secret("a", certificates: certificate.Pem + world.Authority.Pem));
            world.Write("a", TlsWorld.Ingress("a", "a.test", "{ hosts: [a.test], secretName: a }"));
        });
        using var asking = await listener.AcceptTcpClientAsync().InTime();
        var stream = asking.GetStream();
        await stream.ReadAtLeastAsync(new byte[16], 16).AsTask().InTime();
        await stream.WriteAsync("HTTP/1.1 200 OK\r\n\r\n"u8.ToArray());
        var sent = 0;
        await Assert.ThrowsAsync<IOException>(async () =>
        {
            for (; sent < 200; sent++)
            {
                await stream.WriteAsync(new byte[1 << 20]).AsTask().InTime();
            }
        });
        Assert.InRange(sent, 0, 64); // what the kernel's buffers take is among it
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
