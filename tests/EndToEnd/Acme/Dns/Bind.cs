using System.Text.RegularExpressions;
using IngressController.Certificates.Acme;
using IngressController.Cluster;
using IngressController.Testing;

namespace IngressController.EndToEnd.Acme.Dns;

/// <summary>A real BIND with zones that take updates: <c>a.test</c> and <c>deep.zone.a.test</c> from who has the key, <c>frozen.test</c> from nobody.</summary>
internal sealed class Bind : IAsyncDisposable
{
    private const int Tries = 3;

    private readonly RunningProgram program;
    private readonly TemporaryDirectory directory;

    private Bind(RunningProgram program, TemporaryDirectory directory, int port, string algorithm, string secret) =>
        (this.program, this.directory, Server) = (program, directory, new("127.0.0.1", port, new("challenges.key", algorithm, Convert.FromBase64String(secret).ToEquatableArray())));

    /// <summary>With the right key.</summary>
    public DnsServer Server { get; }

    public static async Task<Bind> StartAsync(string algorithm = "hmac-sha256")
    {
        var (_, key, _) = await RunningProgram.RunAsync("tsig-keygen", ["-a", algorithm, "Challenges.Key"]);
        for (var attempt = 1; ; attempt++)
        {
            var (directory, port) = (new TemporaryDirectory(), RawBackend.Refusing().Port);
            directory.Write("named.conf", Configuration(directory.Path, port, key));
            foreach (var zone in new[] { "a.test", "deep.zone.a.test", "frozen.test" })
            {
                directory.Write($"{zone}.zone", Zone(zone));
            }

            var program = RunningProgram.Start("named", ["-g", "-c", directory.File("named.conf"), "-n", "1"]);
            var bind = new Bind(program, directory, port, algorithm, Regex.Match(key, "secret \"([^\"]+)\"").Groups[1].Value);
            await Eventually.TrueAsync(() => program.HasExited || Regex.IsMatch(program.Errors, @"(?m) running$"), "BIND runs");
            if (!program.HasExited || attempt == Tries)
            {
                return bind;
            }

            await bind.DisposeAsync(); // somebody else has taken the port meanwhile
        }
    }

    /// <summary>Asks as anybody does.</summary>
    /// <returns>The values at the name, sorted.</returns>
    public async Task<IEnumerable<string>> TextsAsync(string name)
    {
        var (code, output, errors) = await RunningProgram.RunAsync("dig", ["@127.0.0.1", "-p", $"{Server.Port}", "+tcp", "+short", "+timeout=30", name, "TXT"]);
        Assert.True(code == 0, output + errors);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line.StartsWith('"')).Select(line => line.Trim('"')).Order();
    }

    public async ValueTask DisposeAsync()
    {
        await program.DisposeAsync();
        directory.Dispose();
    }

    private static string Configuration(string directory, int port, string key) =>
        $$"""
        {{key}}
        options {
          directory "{{directory}}";
          pid-file none;
          session-keyfile none;
          listen-on port {{port}} { 127.0.0.1; };
          listen-on-v6 { none; };
          recursion no;
          dnssec-validation no;
          notify no;
        };
        controls { };
        zone "a.test" { type primary; file "a.test.zone"; update-policy { grant Challenges.Key subdomain a.test TXT; }; };
        zone "deep.zone.a.test" { type primary; file "deep.zone.a.test.zone"; update-policy { grant Challenges.Key name _acme-challenge.deep.zone.a.test TXT; }; };
        zone "frozen.test" { type primary; file "frozen.test.zone"; };
        """;

    private static string Zone(string zone) =>
        $"""
        $TTL 60
        @ IN SOA ns.{zone}. root.{zone}. 1 3600 600 86400 60
        @ IN NS ns.{zone}.
        ns IN A 127.0.0.1
        _acme-challenge.left.to IN CNAME Answers.a.test.
        _acme-challenge.twice IN CNAME _acme-challenge.left.to.{zone}.
        _acme-challenge.round IN CNAME _acme-challenge.round.{zone}.
        _acme-challenge.away IN CNAME somewhere.else.test.

        """;
}
