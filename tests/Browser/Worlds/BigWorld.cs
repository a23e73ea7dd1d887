namespace IngressController.Browser.Worlds;

/// <summary>10,000 hosts of 100 Ingresses in 20 namespaces: web0.example.com to web9999.example.com.</summary>
public sealed class BigWorld : IAsyncLifetime
{
    public const int Hosts = 10_000;
    private const int Ingresses = 100;
    private const int Namespaces = 20;

    public World World { get; private set; } = null!;

    public async Task InitializeAsync() => World = await World.StartAsync(world =>
    {
        for (var index = 0; index < Ingresses; index++)
        {
            var (place, first) = ($"team-{index % Namespaces:00}", index * Hosts / Ingresses);
            var hosts = Enumerable.Range(first, Hosts / Ingresses).Select(host => $"web{host}.example.com");
            world.Write($"web-{index}", $"{Manifests.Service(place, $"web-{index}", 9)}\n---\n{Manifests.Ingress(place, $"web-{index}", hosts, $"web-{index}")}");
        }
    });

    public async Task DisposeAsync() => await World.DisposeAsync();
}
