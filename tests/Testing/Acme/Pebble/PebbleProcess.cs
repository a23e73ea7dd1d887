using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using IngressController.Testing.Tls;

namespace IngressController.Testing.Acme.Pebble;

/// <summary>
/// Debian's Pebble, the certificate authority that Let's Encrypt makes for testing clients, with pebble-challtestsrv as the DNS in which every host is at 127.0.0.1. It refuses nonces and uses
/// authorizations again as it likes.
/// </summary>
public sealed class PebbleProcess : IAsyncDisposable
{
    private const int MostAttempts = 5;

    private readonly TemporaryDirectory directory = new();
    private readonly TestAuthority tlsAuthority = TestAuthority.Create("authority of Pebble");
    private readonly HttpClient client;
    private readonly PebbleOptions options;
    private readonly PebblePorts ports;
    private RunningProgram? pebble;
    private RunningProgram? world;

    private PebbleProcess(PebbleOptions options)
    {
        this.options = options;
        ports = PebblePorts.Free(options);
        client = new(new SocketsHttpHandler { UseProxy = false, SslOptions = new() { RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.Issuer == tlsAuthority.Certificate.Subject } });
    }

    /// <summary>RFC 8555 section 7.1.1.</summary>
    public Uri Directory => new(string.Create(CultureInfo.InvariantCulture, $"https://127.0.0.1:{ports.Acme}/dir"));

    /// <summary>PEM of who signed its TLS certificate.</summary>
    public string CaBundle => tlsAuthority.Pem;

    /// <summary>What it has said so far.</summary>
    public string Log => pebble?.Output ?? "";

    public static async Task<PebbleProcess> StartAsync(PebbleOptions? options = null)
    {
        for (var attempt = 1; ; attempt++)
        {
            var process = new PebbleProcess(options ?? new());
            var isStarted = false;
            try
            {
                isStarted = await process.TryStartAsync(attempt == MostAttempts);
            }
            finally
            {
                await (isStarted ? ValueTask.CompletedTask : process.DisposeAsync()); // somebody else was faster with a port
            }

            if (isStarted)
            {
                return process;
            }
        }
    }

    /// <summary>PEM of the root that a chain leads to.</summary>
    /// <param name="chain">0: of the one that is offered first.</param>
    public Task<string> RootAsync(int chain = 0) => client.GetStringAsync(Management($"/roots/{chain}"));

    /// <summary>As Pebble tells it: <c>Valid</c> or <c>Revoked</c>, with the reason's number.</summary>
    /// <param name="serial">Hexadecimal.</param>
    public async Task<(string Status, int? Reason)> StatusAsync(string serial)
    {
        var status = JsonNode.Parse(await client.GetStringAsync(Management($"/cert-status-by-serial/{serial}")))!;
        return ((string)status["Status"]!, (int?)status["Reason"]);
    }

    /// <summary>pebble-challtestsrv answers it; only where <see cref="PebbleOptions.HttpPort"/> is nobody else's.</summary>
    public Task AnswerHttpAsync(string token, string keyAuthorization) => TellAsync("add-http01", new() { ["token"] = token, ["content"] = keyAuthorization });

    /// <summary>pebble-challtestsrv answers it; only where <see cref="PebbleOptions.TlsPort"/> is nobody else's.</summary>
    public Task AnswerTlsAsync(string host, string keyAuthorization) => TellAsync("add-tlsalpn01", new() { ["host"] = host, ["content"] = keyAuthorization });

    /// <param name="name">Without a point at its end.</param>
    public Task SetTextAsync(string name, string value) => TellAsync("set-txt", new() { ["host"] = name + ".", ["value"] = value });

    /// <inheritdoc cref="SetTextAsync"/>
    public Task ClearTextAsync(string name) => TellAsync("clear-txt", new() { ["host"] = name + "." });

    public async ValueTask DisposeAsync()
    {
        foreach (var program in new[] { pebble, world })
        {
            await (program?.DisposeAsync() ?? ValueTask.CompletedTask);
        }

        client.Dispose();
        tlsAuthority.Dispose();
        directory.Dispose();
    }

    private async Task<bool> TryStartAsync(bool isLast)
    {
        var tls = tlsAuthority.Server("127.0.0.1", "localhost");
        directory.Write("tls.crt", tls.Pem);
        directory.Write("tls.key", tls.KeyPem);
        directory.Write("pebble.json", Configuration().ToJsonString());
        world = RunningProgram.Start("pebble-challtestsrv",
        [
            "-management", At(ports.World), "-dns01", At(ports.Dns), "-https01", "", "-defaultIPv6", "",
            "-http01", options.HttpPort is null ? At(ports.Http) : "", "-tlsalpn01", options.TlsPort is null ? At(ports.Tls) : "",
        ]);
        var environment = new Dictionary<string, string>(options.Environment) { ["PEBBLE_ALTERNATE_ROOTS"] = options.AlternateRoots.ToString(CultureInfo.InvariantCulture) };
        pebble = RunningProgram.Start("pebble", ["-config", directory.File("pebble.json"), "-strict", "-dnsserver", At(options.DnsPort ?? ports.Dns)], environment);
        await Eventually.TrueAsync(async () => IsLost() || (await AnswersAsync(Directory) && await AnswersAsync(Management("/roots/0")) && await AnswersAsync(World("/"))), "Pebble and its DNS answer");
        return !IsLost() || (isLast ? throw new InvalidOperationException($"Pebble does not start:\n{pebble.Output}{pebble.Errors}{world.Output}{world.Errors}") : false);
    }

    private JsonObject Configuration() => new()
    {
        ["pebble"] = new JsonObject
        {
            ["listenAddress"] = At(ports.Acme),
            ["managementListenAddress"] = At(ports.Management),
            ["certificate"] = directory.File("tls.crt"),
            ["privateKey"] = directory.File("tls.key"),
            ["httpPort"] = ports.Http,
            ["tlsPort"] = ports.Tls,
            ["certificateValidityPeriod"] = (long)options.CertificateLifetime.TotalSeconds,
            ["externalAccountBindingRequired"] = options.ExternalAccounts.Count > 0,
            ["externalAccountMACKeys"] = new JsonObject(options.ExternalAccounts.Select(account => KeyValuePair.Create(account.Key, (JsonNode?)account.Value))),
        },
    };

    private bool IsLost() => pebble!.HasExited || world!.HasExited || $"{pebble.Output}{pebble.Errors}{world.Output}{world.Errors}".Contains("address already in use", StringComparison.Ordinal);

    private async Task<bool> AnswersAsync(Uri url)
    {
        try
        {
            using var answer = await client.GetAsync(url);
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private async Task TellAsync(string what, JsonObject told)
    {
        using var answer = await client.PostAsync(World($"/{what}"), new StringContent(told.ToJsonString(), Encoding.UTF8, "application/json"));
        answer.EnsureSuccessStatusCode();
    }

    private static string At(int port) => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");

    private Uri Management(string path) => new($"https://{At(ports.Management)}{path}");

    private Uri World(string path) => new($"http://{At(ports.World)}{path}");
}
