using System.Net;
using IngressController.Echo;
using IngressController.Testing.Tls;

namespace IngressController.Browser.Worlds;

/// <summary>Three hosts: one with TLS, two destinations and policies; one without; one whose Service is missing. With a misspelt annotation.</summary>
public sealed class SmallWorld : IAsyncLifetime
{
    public const string Shop = "shop.example.com";
    public const string Blog = "blog.example.com";
    public const string Broken = "broken.example.com";

    private readonly List<EchoServer> backends = [];

    public World World { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        foreach (var (name, address) in new[] { ("web", "127.0.0.1"), ("web", "127.0.0.2"), ("cart", "127.0.0.1"), ("blog", "127.0.0.1") })
        {
            backends.Add(await EchoServer.StartAsync(name, IPAddress.Parse(address), 0, CancellationToken.None));
        }

        using var authority = TestAuthority.Create("Example CA");
        var certificate = authority.Server(TimeSpan.FromDays(40), Shop, $"www.{Shop}");
        World = await World.StartAsync(world =>
        {
            world.Write("secret", certificate.Secret("shop-tls").Replace("{ name: shop-tls }", "{ namespace: shop, name: shop-tls }", StringComparison.Ordinal));
            world.Write("services", string.Join("\n---\n",
                Manifests.Service("shop", "web", backends[0].Port, backends[1].Port), Manifests.Service("shop", "cart", backends[2].Port), Manifests.Service("blog", "blog", backends[3].Port)));
            world.Write("shop", Manifests.Ingress("shop", "shop", Shop, ["/=web", "/cart=cart"], $"{{ hosts: [{Shop}], secretName: shop-tls }}", """nginx.ingress.kubernetes.io/proxy-body-size: 8m, nginx.ingress.kubernetes.io/ssl-redirect: "false" """));
            world.Write("blog", Manifests.Ingress("blog", "blog", Blog, ["/=blog"], annotations: "nginx.ingress.kubernetes.io/proxy-red-timeout: \"60\""));
            world.Write("broken", Manifests.Ingress("shop", "broken", Broken, ["/=nowhere"]));
        });
    }

    public async Task DisposeAsync()
    {
        await World.DisposeAsync();
        foreach (var backend in backends)
        {
            await backend.DisposeAsync();
        }
    }

    /// <summary>A request to every host, one of them answered 404.</summary>
    public async Task SomeTrafficAsync()
    {
        foreach (var (host, target) in new[] { (Shop, "/"), (Shop, "/cart"), (Blog, "/gone?status=404"), (Broken, "/") })
        {
            await World.Controller.AnswerAsync(host, target);
        }
    }

    /// <summary>Requests, one after the other, now more and now fewer, until there are enough.</summary>
    public async Task BrowseAsync(CancellationToken enough)
    {
        for (var index = 0; !enough.IsCancellationRequested; index++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(6 + (5 * Math.Sin(index / 900.0))), TimeProvider.System, CancellationToken.None);
            await World.Controller.AnswerAsync(index % 3 == 0 ? Blog : Shop, index % 11 == 0 ? "/gone?status=404" : index % 4 == 0 ? "/cart/items" : $"/products/{index % 17}");
            if (index % 23 == 0)
            {
                await World.Controller.AnswerAsync(Broken, "/");
            }
        }
    }
}
