using IngressController.Testing;
using IngressController.Testing.Acme;

namespace IngressController.Browser.Worlds;

/// <summary>Three hosts that ask for certificates of an authority: one gets it, one is turned down by the authority, one is refused by us.</summary>
public sealed class OrderedWorld : IAsyncLifetime, IDisposable
{
    private readonly TemporaryDirectory kept = new();
    private FakeAcme authority = null!;

    public World World { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        authority = await FakeAcme.StartAsync(new() { SkipsValidation = true, RefusedHosts = { "turned-down.example.com" } });
        kept.Write("ca.pem", authority.CaBundle);
        World = await World.StartAsync(
            world =>
            {
                world.Write("web", Manifests.Service("shop", "web", 9));
                world.Write("issued", Asking("issued", "issued.example.com"));
                world.Write("turned-down", Asking("turned-down", "turned-down.example.com"));
                world.Write("refused", Asking("refused", "refused.internal"));
            },
            flags: ["--acme-directory", authority.Directory.ToString(), "--acme-ca-bundle", kept.File("ca.pem"), "--state-dir", kept.File("state")]);
    }

    public async Task DisposeAsync()
    {
        await World.DisposeAsync();
        await authority.DisposeAsync();
    }

    public void Dispose() => kept.Dispose();

    /// <summary>For the Secret <c>NAME-tls</c>.</summary>
    public static string Asking(string name, string host) =>
        Manifests.Ingress("shop", name, host, ["/=web"], $"{{ hosts: [{host}], secretName: {name}-tls }}", "kubernetes.io/tls-acme: \"true\"");
}
