using System.Text.Json.Nodes;
using IngressController.EndToEnd.App;
using IngressController.EndToEnd.Tls;
using IngressController.Testing;

namespace IngressController.EndToEnd.Acme.Running;

/// <summary>The real program over a directory of manifests, which keeps what it obtains in another, and ports at which an authority finds it whenever it runs.</summary>
internal sealed class AcmeProgram : IAsyncDisposable
{
    private readonly TemporaryDirectory directory = new();
    private readonly EchoBackend backend;
    private readonly Tunnel http;
    private readonly Tunnel https;
    private ControllerProcess? controller;

    private AcmeProgram(EchoBackend backend)
    {
        this.backend = backend;
        http = Tunnel.To(() => controller?.Http.Authority);
        https = Tunnel.To(() => controller?.Https.Authority);
    }

    public ControllerProcess Controller => controller ?? throw new InvalidOperationException("It does not run");

    /// <summary>Leads to port 80 of every host.</summary>
    public int HttpPort => http.Port;

    /// <summary>Leads to port 443 of every host.</summary>
    public int HttpsPort => https.Port;

    /// <summary>What is kept.</summary>
    public IReadOnlyList<string> KeptFiles => [.. Directory.EnumerateFiles(directory.File("state"), "*", SearchOption.AllDirectories)];

    /// <summary>It does not run yet: an authority wants to know the ports first.</summary>
    public static async Task<AcmeProgram> PrepareAsync()
    {
        var program = new AcmeProgram(await EchoBackend.StartAsync());
        program.directory.Write("manifests/class.yaml", World.Class);
        program.directory.Write("manifests/web.yaml", World.Service("web", program.backend.Port));
        return program;
    }

    /// <summary>An Ingress asks for a certificate in the Secret of its name.</summary>
    /// <param name="annotation">How, as in YAML's flow style.</param>
    public void Ask(string name, string host, string annotation = "kubernetes.io/tls-acme: \"true\"") => directory.Write(
        $"manifests/{name}.yaml", TlsWorld.Ingress(name, host, $"{{ hosts: [\"{host}\"], secretName: {name} }}", annotation));

    /// <summary>A file beside the manifests.</summary>
    public string Write(string name, string text)
    {
        directory.Write(name, text);
        return directory.File(name);
    }

    /// <param name="caBundle">PEM.</param>
    public async Task RunAsync(Uri authority, string caBundle, params string[] flags) => controller = await ControllerProcess.StartAsync(
        directory.File("manifests"), ["--state-dir", directory.File("state"), "--acme-directory", $"{authority}", "--acme-ca-bundle", Write("bundle.pem", caBundle), "--acme-email", "ops@example.com", .. flags]);

    /// <summary>As a rollout ends it.</summary>
    public Task EndAsync() => EndAsync("TERM", 0);

    public Task KillAsync() => EndAsync("KILL", 137);

    /// <summary>The dashboard shows a problem with these words.</summary>
    public Task ProblemAsync(string words) => Eventually.TrueAsync(async () => (await ProblemsAsync()).Contains(words, StringComparison.Ordinal), $"a problem: {words}");

    public Task NoProblemAsync() => Eventually.TrueAsync(async () => (int?)JsonNode.Parse(await ProblemsAsync())!["total"] == 0, "no problem");

    public async ValueTask DisposeAsync()
    {
        await (controller?.DisposeAsync() ?? ValueTask.CompletedTask);
        await http.DisposeAsync();
        await https.DisposeAsync();
        await backend.DisposeAsync();
        directory.Dispose();
    }

    private async Task EndAsync(string signal, int code)
    {
        await Controller.Program.SignalAsync(signal);
        Assert.Equal(code, await Controller.Program.ExitCodeAsync());
        await Controller.DisposeAsync();
        controller = null;
    }

    private Task<string> ProblemsAsync() => Controller.Admin.GetStringAsync("/api/problems");
}
