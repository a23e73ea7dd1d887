using IngressController.Testing.Tls;

namespace IngressController.EndToEnd.Tls;

/// <summary>One program, with hosts about whose TLS several Ingresses say something, of one namespace and of another, younger one.</summary>
public sealed class SharedHosts : IAsyncLifetime
{
    private const string Prefix = "nginx.ingress.kubernetes.io/";
    private const string ByCa = $"{Prefix}auth-tls-secret: default/ca";
    private const string Optional = $"{ByCa}, {Prefix}auth-tls-verify-client: optional";

    internal TlsWorld World { get; private set; } = null!;

    internal TestAuthority Clients { get; } = TestAuthority.Create("clients");

    internal TestAuthority Others { get; } = TestAuthority.Create("others");

    /// <summary>Of <c>*.test</c>.</summary>
    internal TestCertificate Wildcard { get; private set; } = null!;

    /// <param name="year">Of its making: whoever is older decides.</param>
    internal static string Ingress(string name, int year, string host, string path = "/", string annotations = "", string tls = "", string space = "default") => TlsWorld.Ingress(name, host, tls, annotations)
        .Replace("metadata: {", $"metadata: {{ namespace: {space}, creationTimestamp: \"{year}-01-01T00:00:00Z\",", StringComparison.Ordinal)
        .Replace("path: /,", $"path: {path},", StringComparison.Ordinal);

    public async Task InitializeAsync() => World = await TlsWorld.StartAsync(world =>
    {
        Wildcard = world.Authority.Server("*.test");
        world.Write("wild", string.Join("\n---\n", Wildcard.Secret("wild"), Ingress("wild", 2020, "*.test", tls: "{ hosts: [\"*.test\"], secretName: wild }")));
        world.Write("ca", Clients.Secret("ca"));
        world.Write("other-ca", Others.Secret("other-ca"));
        world.Write("asking", world.Authority.Server("opt.test", "must.test").Secret("asking")); // clients take no wildcard over a single label
        WriteAsking(world);
        WriteForeign(world);
        world.Write("own-optional", Ingress("own-optional", 2021, "own-optional.test", annotations: Optional));
        world.Write("own-must", Ingress("own-must", 2021, "own-must.test", annotations: ByCa));
        world.Write("own-missing", Ingress("own-missing", 2021, "own-missing.test", tls: "{ hosts: [own-missing.test], secretName: missing }"));
        world.Write("own-junk", string.Join("\n---\n", Wildcard.Secret("junk", "no key"), Ingress("own-junk", 2021, "own-junk.test", tls: "{ hosts: [own-junk.test], secretName: junk }")));
    });

    public async Task DisposeAsync()
    {
        await World.DisposeAsync();
        Clients.Dispose();
        Others.Dispose();
    }

    private static void WriteAsking(TlsWorld world)
    {
        world.Write("opt", Ingress("opt", 2021, "opt.test", annotations: Optional, tls: "{ hosts: [opt.test], secretName: asking }"));
        world.Write("opt-admin", Ingress("opt-admin", 2022, "opt.test", "/admin", $"{ByCa}, {Prefix}auth-tls-verify-client: \"on\""));
        world.Write("opt-cn", Ingress("opt-cn", 2023, "opt.test", "/cn", $"{Optional}, {Prefix}auth-tls-match-cn: CN=admin"));
        world.Write("opt-deep", Ingress("opt-deep", 2023, "opt.test", "/deep", $"{Optional}, {Prefix}auth-tls-verify-depth: \"0\""));
        world.Write("opt-same", Ingress("opt-same", 2024, "opt.test", "/same", Optional));
        world.Write("opt-silent", Ingress("opt-silent", 2024, "opt.test", "/silent"));
        world.Write("must", Ingress("must", 2021, "must.test", annotations: ByCa, tls: "{ hosts: [must.test], secretName: asking }"));
        world.Write("must-b", Ingress("must-b", 2022, "must.test", "/b", $"{Prefix}auth-tls-secret: default/other-ca"));
        world.Write("must-any", Ingress("must-any", 2022, "must.test", "/any", $"{ByCa}, {Prefix}auth-tls-verify-client: optional_no_ca"));
        world.Write("must-silent", Ingress("must-silent", 2022, "must.test", "/silent"));
    }

    /// <summary>Each of these hosts is served in the namespace <c>default</c> with the wildcard's TLS, before <c>evil</c> names it.</summary>
    private static void WriteForeign(TlsWorld world)
    {
        foreach (var host in new[] { "plain", "sse", "taken", "grabbed" })
        {
            world.Write(host, Ingress(host, 2021, $"{host}.test"));
        }

        world.Write("evil-plain", Ingress("plain", 2024, "plain.test", "/evil", $"{Prefix}ssl-passthrough: \"true\"", space: "evil"));
        world.Write("evil-sse", Ingress("sse", 2024, "sse.test", "/evil", $"{Prefix}auth-tls-secret: evil/ca", space: "evil"));
        foreach (var (host, name) in new[] { ("taken", "elsewhere.test"), ("grabbed", "grabbed.test") })
        {
            var secret = world.Authority.Server(name).Secret(host).Replace("metadata: {", "metadata: { namespace: evil,", StringComparison.Ordinal);
            world.Write($"evil-{host}", $"{secret}\n---\n{Ingress(host, 2024, $"{host}.test", "/evil", tls: $"{{ hosts: [{host}.test], secretName: {host} }}", space: "evil")}");
        }
    }
}
