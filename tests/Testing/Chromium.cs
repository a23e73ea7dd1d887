using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace IngressController.Testing;

/// <summary>A real browser, with a profile of its own and no connection to anywhere but the given addresses.</summary>
public sealed class Chromium : IAsyncDisposable
{
    private readonly TemporaryDirectory profile = new();
    private readonly RunningProgram program;

    private Chromium(string url, IEnumerable<string> arguments) => program = RunningProgram.Start(
        "chromium",
        [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
            "--disable-sync", "--disable-dev-shm-usage", $"--user-data-dir={profile.Path}", .. arguments, url,
        ]);

    public string Errors => program.Errors;

    /// <param name="hosts">Where each <c>host:port</c> is in truth; every other host is nowhere.</param>
    /// <param name="trusted">A certificate that it takes without an authority.</param>
    public static Chromium Open(string url, IReadOnlyDictionary<string, Uri> hosts, X509Certificate2 trusted)
    {
        var rules = string.Join(", ", hosts.Select(host => $"MAP {host.Key} {host.Value.Host}:{host.Value.Port}").Append("MAP * ~NOTFOUND"));
        var key = Convert.ToBase64String(SHA256.HashData(trusted.PublicKey.ExportSubjectPublicKeyInfo()));
        return new(url, [$"--host-resolver-rules={rules}", $"--ignore-certificate-errors-spki-list={key}"]);
    }

    public async ValueTask DisposeAsync()
    {
        await program.SignalAsync("TERM");
        await program.ExitCodeAsync();
        await program.DisposeAsync();
        profile.Dispose();
    }
}
