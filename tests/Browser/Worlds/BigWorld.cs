using IngressController.Testing.Tls;

namespace IngressController.Browser.Worlds;

/// <summary>
/// 10,000 hosts of 100 Ingresses in 20 namespaces: web0.example.com to web9999.example.com. Each has a Secret of its own, with a certificate for somebody else: 10,000 problems.
/// </summary>
public sealed class BigWorld : IAsyncLifetime
{
    public const int Hosts = 10_000;
    private const int Ingresses = 100;
    private const int Namespaces = 20;

    public World World { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        using var authority = TestAuthority.Create("Example CA");
        var certificate = authority.Server("another.example.com");
        World = await World.StartAsync(world => Write(world, certificate));
    }

    public async Task DisposeAsync() => await World.DisposeAsync();

    private static void Write(World world, TestCertificate certificate)
    {
        for (var index = 0; index < Ingresses; index++)
        {
            var (place, first) = ($"team-{index % Namespaces:00}", index * Hosts / Ingresses);
            var names = Enumerable.Range(first, Hosts / Ingresses).Select(host => $"web{host}").ToList();
            var ingress = Manifests.Ingress(place, $"web-{index}", names.Select(name => $"{name}.example.com"), $"web-{index}", names.Select(name => $"{{ hosts: [{name}.example.com], secretName: {name}-tls }}"));
            world.Write($"web-{index}", $"{Manifests.Service(place, $"web-{index}", 9)}\n---\n{ingress}");
            world.Write($"secrets-{index}", Manifests.Secrets(place, names.Select(name => $"{name}-tls"), certificate));
        }
    }
}
