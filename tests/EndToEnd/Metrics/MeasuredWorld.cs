using System.Security.Cryptography.X509Certificates;
using IngressController.EndToEnd.App;
using IngressController.Echo;
using IngressController.Testing;
using IngressController.Testing.Tls;

namespace IngressController.EndToEnd.Metrics;

/// <summary>The real program, with traffic of every kind: answers of backends, answers of its own, failures, TLS.</summary>
internal sealed class MeasuredWorld : IAsyncDisposable
{
    /// <summary>What has ended when <see cref="TrafficAsync"/> has.</summary>
    public const int Answered = 4;

    /// <summary>What the program says that it is.</summary>
    public static readonly string Instance = $"default/{Environment.MachineName}";

    private readonly TemporaryDirectory manifests;
    private readonly EchoServer backend;
    private readonly TestAuthority authority;
    private readonly HttpClient tls;

    private MeasuredWorld(TemporaryDirectory manifests, EchoServer backend, ControllerProcess controller, TestAuthority authority)
    {
        (this.manifests, this.backend, this.authority, Controller) = (manifests, backend, authority, controller);
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { authority.Certificate }, RevocationMode = X509RevocationMode.NoCheck };
        tls = new(new SocketsHttpHandler { UseProxy = false, SslOptions = { CertificateChainPolicy = trust } }) { BaseAddress = controller.Https };
    }

    public ControllerProcess Controller { get; }

    public static async Task<MeasuredWorld> StartAsync(params string[] flags)
    {
        var manifests = new TemporaryDirectory();
        var backend = await EchoServer.StartAsync("web", 0, CancellationToken.None);
        var authority = TestAuthority.Create();
        manifests.Write("class.yaml", World.Class);
        manifests.Write("web.yaml", World.Service("web", backend.Port));
        manifests.Write("ingress.yaml", World.Ingress("shop", "shop.test", "/", "web"));
        manifests.Write("secret.yaml", authority.Server("secure.test").Secret("secure-tls"));
        manifests.Write("secure.yaml", World.Ingress("secure", "secure.test", "/", "web") + "\n  tls: [{ hosts: [secure.test], secretName: secure-tls }]\n");
        manifests.Write("broken.yaml", World.Ingress("broken", "broken.test", "/", "nowhere"));
        return new(manifests, backend, await ControllerProcess.StartAsync(manifests.Path, flags), authority);
    }

    /// <summary>Some requests of each kind.</summary>
    public async Task TrafficAsync()
    {
        for (var i = 0; i < Answered; i++)
        {
            Assert.StartsWith("200", await Controller.AnswerAsync("shop.test", $"/cart?n={i}"), StringComparison.Ordinal);
        }

        using var body = new StringContent(new string('x', 5_000));
        using var post = new HttpRequestMessage(HttpMethod.Post, "/cart") { Headers = { Host = "shop.test" }, Content = body };
        using var posted = await Controller.Client.SendAsync(post);
        Assert.StartsWith("503", await Controller.AnswerAsync("broken.test", "/"), StringComparison.Ordinal);
        Assert.StartsWith("404", await Controller.AnswerAsync("nobody.test", "/"), StringComparison.Ordinal);
        using var secure = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { Host = "secure.test" } };
        using var answer = await tls.SendAsync(secure);
    }

    /// <summary>Traffic and changes until the end.</summary>
    public async Task TrafficAsync(CancellationToken end)
    {
        for (var round = 0; !end.IsCancellationRequested; round++)
        {
            manifests.Write("change.yaml", World.Ingress("change", "change.test", $"/{round}", "web"));
            await TrafficAsync();
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, CancellationToken.None);
        }
    }

    public async Task<string> ScrapeAsync() => await Controller.Admin.GetStringAsync("/metrics");

    public async ValueTask DisposeAsync()
    {
        tls.Dispose();
        await Controller.DisposeAsync();
        await backend.DisposeAsync();
        authority.Dispose();
        manifests.Dispose();
    }
}
