using IngressController.Testing.Tls;

namespace IngressController.EndToEnd.Tls;

/// <summary>One program, with hosts that ask clients for certificates in every way.</summary>
public sealed class GuardedHosts : IAsyncLifetime
{
    private const string Prefix = "nginx.ingress.kubernetes.io/";

    internal TlsWorld World { get; private set; } = null!;

    internal TestAuthority Clients { get; } = TestAuthority.Create("clients");

    internal TestCertificate Revoked { get; private set; } = null!;

    internal static string Ingress(string name, string secret, params string[] settings) => TlsWorld.Ingress(
        name,
        $"{name}.test",
        $"{{ hosts: [{name}.test], secretName: all }}",
        string.Join(", ", settings.Append($"auth-tls-secret: default/{secret}").Select(setting => Prefix + setting)));

    public async Task InitializeAsync()
    {
        Revoked = Clients.Client("CN=revoked");
        World = await TlsWorld.StartAsync(world =>
        {
            var names = new[] { "must", "pass", "optional", "unverified", "page", "cn", "shallow", "no-redirect", "broken", "broken-list", "revoking", "old-list", "foreign-list", "forged-list", "plain" };
            world.Write("secret", world.Authority.Server([.. names.Select(name => $"{name}.test"), "*.wild.test"]).Secret("all"));
            world.Write("ca", Clients.Secret("ca"));
            world.Write("must", Ingress("must", "ca"));
            world.Write("pass", Ingress("pass", "ca", "auth-tls-pass-certificate-to-upstream: \"true\""));
            world.Write("optional", Ingress("optional", "ca", "auth-tls-verify-client: optional"));
            world.Write("unverified", Ingress("unverified", "ca", "auth-tls-verify-client: optional_no_ca"));
            world.Write("page", Ingress("page", "ca", "auth-tls-error-page: \"https://help.test/cert?why\""));
            world.Write("cn", Ingress("cn", "ca", "auth-tls-match-cn: \"CN=admin\""));
            world.Write("shallow", Ingress("shallow", "ca", "auth-tls-verify-depth: \"0\""));
            world.Write("no-redirect", Ingress("no-redirect", "ca", "ssl-redirect: \"false\""));
            world.Write("plain", TlsWorld.Ingress("plain", "plain.test", "{ hosts: [named-elsewhere.wild.test], secretName: all }"));
            world.Write("wild", TlsWorld.Ingress("wild", "*.wild.test", "{ hosts: [\"*.wild.test\"], secretName: all }", $"{Prefix}auth-tls-secret: default/ca"));
            world.Write("own-rule", TlsWorld.Ingress("own-rule", "own-rule.wild.test", "{ hosts: [\"*.wild.test\"], secretName: all }"));
            WriteRefused(world);
            WriteRevoking(world);
        });
    }

    public async Task DisposeAsync()
    {
        await World.DisposeAsync();
        Clients.Dispose();
    }

    private void WriteRefused(TlsWorld world)
    {
        world.Write("broken", Ingress("broken", "missing", "ssl-redirect: \"false\""));
        world.Write("broken-list", Ingress("broken-list", "broken-list"));
        world.Write("broken-list-ca", Clients.Secret("broken-list", "no list"));
    }

    private void WriteRevoking(TlsWorld world)
    {
        using var forger = TestAuthority.Create("clients");
        foreach (var (name, list) in new[]
        {
            ("revoking", Clients.RevocationList(TimeSpan.FromDays(9), Revoked)),
            ("old-list", Clients.RevocationList(TimeSpan.FromDays(1))),
            ("foreign-list", world.Authority.RevocationList(TimeSpan.FromDays(9))),
            ("forged-list", forger.RevocationList(TimeSpan.FromDays(9))),
        })
        {
            world.Write(name, Ingress(name, name));
            world.Write($"{name}-ca", Clients.Secret(name, list));
        }
    }
}
