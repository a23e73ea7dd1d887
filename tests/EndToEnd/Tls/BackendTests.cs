using System.Net;
using IngressController.EndToEnd.App;
using IngressController.Testing;
using IngressController.Testing.Tls;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace IngressController.EndToEnd.Tls;

/// <summary>TLS to backends as manifests ask for it, with the real program.</summary>
public sealed class BackendTests
{
    private const string Own = "yarp.ingress.kubernetes.io/";

    [Fact]
    public async Task A_Secret_that_changes_changes_trust_and_certificate_without_a_restart()
    {
        using var authority = TestAuthority.Create("backends");
        var served = authority.Server("web.default.svc");
        var shown = "";
        await using var backend = await EchoBackend.StartAsync(https: options =>
        {
            options.ServerCertificate = served.Loaded;
            options.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
            options.ClientCertificateValidation = (certificate, _, _) => (shown = certificate.Subject).Length > 0;
        });
        await using var world = await TlsWorld.StartAsync(world =>
        {
            world.Write("web", World.Service("web", backend.Port));
            world.Write("backends", Secret(authority, authority.Client("CN=first")));
            world.Write("a", TlsWorld.Ingress("a", "a.test", "", $"{Own}backend-protocol: HTTPS, {Own}proxy-ssl-secret: default/backends"));
        });

        await world.Controller.AnswersAsync("a.test", "/", answer => answer.StartsWith("200 ", StringComparison.Ordinal));
        Assert.Equal("CN=first", shown);
        world.Write("backends", Secret(authority, authority.Client("CN=second")));
        await world.Controller.AnswersAsync("a.test", "/", answer => answer.StartsWith("200 ", StringComparison.Ordinal) && shown == "CN=second");

        world.Write("backends", Secret(world.Authority, authority.Client("CN=third"))); // whom the backend does not know
        await world.Controller.AnswersAsync("a.test", "/", answer => answer.StartsWith("502 ", StringComparison.Ordinal));
        await world.Controller.Program.SaysAsync($"TLS with destination 127.0.0.1:{backend.Port} failed, as web.default.svc: its certificate CN=web.default.svc is not trusted: ");

        world.Delete("backends");
        await world.Controller.AnswersAsync("a.test", "/", answer => answer.StartsWith("503 ", StringComparison.Ordinal));
        world.Write("backends", Secret(authority, authority.Client("CN=fourth")));
        await world.Controller.AnswersAsync("a.test", "/", answer => answer.StartsWith("200 ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true, HttpStatusCode.OK)]
    [InlineData(false, HttpStatusCode.BadGateway)]
    public async Task Without_a_Secret_the_systems_authorities_decide(bool isKnown, HttpStatusCode status)
    {
        using var authority = TestAuthority.Create("of the system");
        using var directory = new TemporaryDirectory();
        var served = authority.Server("web.default.svc");
        await using var backend = await EchoBackend.StartAsync(https: options => options.ServerCertificate = served.Loaded);
        directory.Write("manifests/class.yaml", World.Class);
        directory.Write("manifests/web.yaml", World.Service("web", backend.Port));
        directory.Write("manifests/a.yaml", TlsWorld.Ingress("a", "a.test", "", $"{Own}backend-protocol: HTTPS"));
        directory.Write("authorities.pem", isKnown ? authority.Pem : SelfSigned.Certificate.ExportCertificatePem());
        string[] flags = ["--manifests", directory.File("manifests"), "--bind-address", "127.0.0.1", "--http-port", "0", "--https-port", "0", "--admin-port", "0"];
        await using var controller = await ControllerProcess.OfAsync(
            RunningProgram.Start(ControllerProcess.File, flags, new Dictionary<string, string> { ["SSL_CERT_FILE"] = directory.File("authorities.pem") }));

        using var answer = await controller.GetAsync("a.test", "/");

        Assert.Equal(status, answer.StatusCode);
    }

    private static string Secret(TestAuthority authority, TestCertificate client) =>
        $$"""
        apiVersion: v1
        kind: Secret
        metadata: { name: backends }
        data:
          ca.crt: {{TestCertificate.Base64(authority.Pem)}}
          tls.crt: {{TestCertificate.Base64(client.Pem)}}
          tls.key: {{TestCertificate.Base64(client.KeyPem)}}
        """;
}
