using IngressController.Certificates.Acme;
using IngressController.Certificates.Acme.Protocol;
using IngressController.Cluster;
using IngressController.EndToEnd.App;
using IngressController.EndToEnd.Tls;
using IngressController.Testing;

namespace IngressController.EndToEnd.Acme;

/// <summary>The real program with a state among its manifests, in which orders are pending for hosts of every kind.</summary>
internal sealed class ChallengeWorld : IAsyncDisposable
{
    private readonly TemporaryDirectory kept;

    private ChallengeWorld(TlsWorld tls, TemporaryDirectory kept, AccountKey key) => (Tls, this.kept, Key) = (tls, kept, key);

    public TlsWorld Tls { get; }

    public AccountKey Key { get; }

    /// <param name="securePort">Where the backend of <c>pass.test</c>, <c>tls-pass.test</c> and <c>idle-pass.test</c> listens, which are passed through.</param>
    public static async Task<ChallengeWorld> StartAsync(int securePort = 1, params string[] flags)
    {
        var (kept, key) = (new TemporaryDirectory(), AccountKey.Create());
        var world = await TlsWorld.StartAsync(
            world =>
            {
                world.Write("secure", World.Service("secure", securePort));
                world.Write("state", State(key, Pending));
                world.Write("clients", ClientAuthorities(world));
                foreach (var way in new[] { "", "tls-", "idle-" })
                {
                    world.Write($"{way}plain", TlsWorld.Ingress($"{way}plain", $"{way}plain.test"));
                    world.Write($"{way}secret", TlsWorld.Ingress($"{way}secret", $"{way}secret.test", $"{{ hosts: [{way}secret.test], secretName: none }}"));
                    world.Write($"{way}must", TlsWorld.Ingress($"{way}must", $"{way}must.test", "", "nginx.ingress.kubernetes.io/auth-tls-secret: default/clients"));
                    world.Write($"{way}pass", PassthroughWorld.Ingress($"{way}pass", $"{way}pass.test", PassthroughWorld.Passing));
                }
            },
            ["--acme-directory", "https://127.0.0.1:1/directory", "--state-dir", kept.File("state"), .. flags]);
        return new(world, kept, key);
    }

    /// <summary>For all hosts but those that begin with <c>idle-</c>; those that begin with <c>tls-</c> are proven over TLS.</summary>
    public static AcmeState Pending { get; } = new()
    {
        Orders =
        [
            Order("http", ChallengeKind.Http01, "plain.test", "secret.test", "must.test", "pass.test", "ruleless.test"),
            Order("tls", ChallengeKind.TlsAlpn01, "tls-plain.test", "tls-secret.test", "tls-must.test", "tls-pass.test", "tls-ruleless.test"),
        ],
    };

    public void Write(AcmeState state) => Tls.Write("state", State(Key, state));

    public async ValueTask DisposeAsync()
    {
        await Tls.DisposeAsync();
        Key.Dispose();
        kept.Dispose();
    }

    /// <param name="data">Of <c>state.json</c>.</param>
    public static string Secret(ReadOnlySpan<byte> data) =>
        $$"""
        apiVersion: v1
        kind: Secret
        metadata: { name: ingress-controller-acme, namespace: ingress-controller }
        data: { state.json: {{Convert.ToBase64String(data)}} }
        """;

    private static string State(AccountKey key, AcmeState state)
    {
        var whole = state with { Accounts = [new("default", new("https://127.0.0.1:1/directory"), key.Pem, null)] };
        return Secret(whole.ToSecret(new("ingress-controller", "ingress-controller-acme")).Data.GetValueOrDefault("state.json").AsSpan());
    }

    private static OrderRecord Order(string secret, ChallengeKind challenge, params EquatableArray<string> hosts) =>
        new(new("default", secret), "default", hosts, "", DateTimeOffset.UnixEpoch) { Challenge = challenge, Tokens = [.. hosts.Select(host => new ChallengeToken(host, "token-of_" + host.Replace('.', '_')))] };

    private static string ClientAuthorities(TlsWorld world) =>
        $$"""
        apiVersion: v1
        kind: Secret
        metadata: { name: clients }
        data: { ca.crt: {{Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(world.Authority.Certificate.ExportCertificatePem()))}} }
        """;
}

/// <summary>One for all tests of a class that change nothing in it.</summary>
public sealed class ChallengeHosts : IAsyncLifetime
{
    internal EchoBackend Secure { get; private set; } = null!;

    internal ChallengeWorld World { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Secure = await EchoBackend.StartAsync(tls: true);
        World = await ChallengeWorld.StartAsync(Secure.Port);
    }

    public async Task DisposeAsync()
    {
        await World.DisposeAsync();
        await Secure.DisposeAsync();
    }
}
