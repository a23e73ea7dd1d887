using System.Globalization;
using IngressController.Testing;

namespace IngressController.EndToEnd.Acme.Running;

/// <summary>
/// Debian's Caddy as a certificate authority. It looks for answers at ports 80 and 443 of the host itself, so it has a network of its own with nothing in it but a loopback interface, and a hosts file
/// of its own (man unshare; needs root).
/// </summary>
internal sealed class CaddyNetwork : IAsyncDisposable
{
    private const string Name = "ca.example.com";

    private readonly TemporaryDirectory directory;
    private readonly RunningProgram caddy;

    private CaddyNetwork(TemporaryDirectory directory, RunningProgram caddy) => (this.directory, this.caddy) = (directory, caddy);

    /// <summary>RFC 8555 section 7.1.1.</summary>
    public static string Directory => $"https://{Name}:9443/acme/local/directory";

    /// <summary>Whom to trust, both for the authority's own certificate and for those that it issues: a PEM file.</summary>
    public string RootFile => directory.File("data/pki/authorities/local/root.crt");

    /// <summary>What Caddy has said so far.</summary>
    public string Log => caddy.Errors;

    /// <param name="hosts">That are at 127.0.0.1.</param>
    public static async Task<CaddyNetwork> StartAsync(params string[] hosts)
    {
        var directory = new TemporaryDirectory();
        directory.Write("hosts", $"127.0.0.1 localhost {Name} {string.Join(' ', hosts)}\n");
        directory.Write("Caddyfile", $$"""
            {
                admin off
                skip_install_trust
                auto_https disable_redirects
                storage file_system {{directory.File("data")}}
            }
            https://{{Name}}:9443 {
                tls internal
                acme_server
            }
            """);
        var commands = $"ip link set lo up && mount --bind '{directory.File("hosts")}' /etc/hosts && exec caddy run --adapter caddyfile --config '{directory.File("Caddyfile")}'";
        var environment = new Dictionary<string, string> { ["HOME"] = directory.Path, ["XDG_DATA_HOME"] = directory.Path, ["XDG_CONFIG_HOME"] = directory.Path };
        var network = new CaddyNetwork(directory, RunningProgram.Start("unshare", ["--net", "--mount", "sh", "-c", commands], environment));
        try
        {
            await Eventually.TrueAsync(network.AnswersAsync, "Caddy answers");
            return network;
        }
        catch (TimeoutException timeout)
        {
            await network.DisposeAsync();
            throw new InvalidOperationException($"Caddy does not start:\n{network.Log}", timeout);
        }
    }

    /// <summary>Starts a program in this network.</summary>
    public RunningProgram Start(string file, params string[] arguments) => RunningProgram.Start("nsenter", Inside(file, arguments));

    /// <summary>The answer of a host in this network, if its certificate is good.</summary>
    /// <returns>curl's exit code, and the status of the answer or what is wrong.</returns>
    public async Task<(int ExitCode, string Said)> AskAsync(string url)
    {
        var (code, output, errors) = await RunningProgram.RunAsync("nsenter", Inside("curl", ["--silent", "--show-error", "--max-time", "30", "--cacert", RootFile, "--output", "/dev/null", "--write-out", "%{http_code}", url]));
        return (code, code == 0 ? output.Trim() : errors);
    }

    public async ValueTask DisposeAsync()
    {
        await caddy.DisposeAsync();
        directory.Dispose();
    }

    private async Task<bool> AnswersAsync() =>
        caddy.HasExited ? throw new TimeoutException("It has ended") : File.Exists(RootFile) && await AskAsync(Directory) is (0, _);

    private string[] Inside(string file, string[] arguments) => ["--net", "--mount", "--target", caddy.Id.ToString(CultureInfo.InvariantCulture), file, .. arguments];
}
