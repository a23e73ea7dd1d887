using System.Text.Json.Nodes;
using IngressController.Testing;

namespace IngressController.EndToEnd.Tls;

public sealed class TestsslTests
{
    /// <summary>The certificate of a test names nobody who would tell of its revocation. WARN is no finding but a check that failed by itself; those that matter are named below.</summary>
    private const string OfTheTest = "cert_revocation";

    [Theory]
    [InlineData("ecdsa")]
    [InlineData("rsa")]
    public async Task Testssl_finds_nothing_above_low(string key)
    {
        await using var world = await TlsWorld.StartAsync(world =>
        {
            var authority = world.Authority.Intermediate();
            world.Write("secret", (key == "rsa" ? authority.RsaServer("a.test") : authority.Server("a.test")).Secret("a"));
            world.Write("a", TlsWorld.Ingress("a", "a.test", "{ hosts: [a.test], secretName: a }"));
        });
        using var directory = new TemporaryDirectory();
        directory.Write("ca.pem", world.Authority.Pem);
        await using var testssl = RunningProgram.Start(
            "testssl",
            [
                "--quiet", "--color", "0", "--warnings", "off", "--ip", world.Controller.Https.Host, "--nodns", "none", "--connect-timeout", "20", "--openssl-timeout", "20",
                "--add-ca", directory.File("ca.pem"), "--jsonfile", directory.File("report.json"), "--protocols", "--fs", "--server-preference", "--server-defaults", "--vulnerable", "--std",
                $"a.test:{world.Controller.Https.Port}",
            ]);
        await testssl.ExitCodeAsync(TimeSpan.FromMinutes(8)); // the code counts warnings, too

        var findings = JsonNode.Parse(await File.ReadAllTextAsync(directory.File("report.json")))!.AsArray().Select(finding => new Finding(
            (string)finding!["id"]!, (string)finding["severity"]!, (string)finding["finding"]!)).ToList();
        Assert.DoesNotContain(findings, finding => finding.Severity is "MEDIUM" or "HIGH" or "CRITICAL" or "FATAL" && finding.Id != OfTheTest);

        // It has looked, and at the right server.
        Assert.Contains(findings, finding => finding is { Id: "TLS1_3", Severity: "OK" });
        Assert.Contains(findings, finding => finding is { Id: "PFS", Severity: "OK" });
        Assert.Contains(findings, finding => finding.Id.StartsWith("cert_chain_of_trust", StringComparison.Ordinal) && finding.Severity == "OK");
        Assert.Contains(findings, finding => finding is { Id: "heartbleed", Severity: "OK" });
        Assert.Contains(findings, finding => finding is { Id: "secure_client_renego", Severity: "OK" });
    }

    private sealed record Finding(string Id, string Severity, string Text);
}
