using IngressController.EndToEnd.App;
using IngressController.EndToEnd.Tls;
using IngressController.Testing;

namespace IngressController.EndToEnd.Acme.Running;

/// <summary>Against the authority in Caddy, which was made by others than Pebble was.</summary>
public sealed class CaddyTests
{
    [Fact]
    public async Task Hosts_are_proven_over_http_and_over_TLS_at_the_ports_that_the_world_knows()
    {
        using var directory = new TemporaryDirectory();
        await using var network = await CaddyNetwork.StartAsync("http.example.com", "tls.example.com");
        directory.Write("manifests/class.yaml", World.Class);
        directory.Write("manifests/http.yaml", Ingress("http", "kubernetes.io/tls-acme: \"true\""));
        directory.Write("manifests/tls.yaml", Ingress("tls", "yarp.ingress.kubernetes.io/acme-issuer: other"));
        await using var program = network.Start(
            ControllerProcess.File, "--manifests", directory.File("manifests"), "--bind-address", "127.0.0.1", "--http-port", "80", "--https-port", "443", "--admin-port", "0",
            "--state-dir", directory.File("state"), "--acme-directory", CaddyNetwork.Directory, "--acme-ca-bundle", network.RootFile, "--acme-challenge", "http-01",
            "--acme-issuer", $"name=other,directory={CaddyNetwork.Directory},ca-bundle={network.RootFile},challenge=tls-alpn-01,key-type=rsa-2048");
        await program.SaysAsync("is ready");
        await ServedAsync(network, program, "http.example.com");
        await ServedAsync(network, program, "tls.example.com");
    }

    /// <summary>Nobody is behind the hosts, which says nothing about their certificates.</summary>
    private static async Task ServedAsync(CaddyNetwork network, RunningProgram program, string host)
    {
        var said = "";
        try
        {
            await Eventually.TrueAsync(
                async () =>
                {
                    (var code, said) = await network.AskAsync($"https://{host}/");
                    return code == 0;
                },
                $"https://{host}");
        }
        catch (TimeoutException timeout)
        {
            throw new TimeoutException($"{timeout.Message}: {said}\n{program.Output}{program.Errors}\n{network.Log}", timeout);
        }

        Assert.Equal("503", said);
    }

    private static string Ingress(string name, string annotation) =>
        TlsWorld.Ingress(name, $"{name}.example.com", $"{{ hosts: [{name}.example.com], secretName: {name} }}", annotation);
}
