using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using IngressController.EndToEnd.App;
using IngressController.Testing;
using IngressController.Testing.Tls;

namespace IngressController.EndToEnd.Dashboard;

/// <summary>The real program over manifests that have something of everything that the dashboard shows.</summary>
internal sealed class DashboardWorld : IAsyncDisposable
{
    private readonly TemporaryDirectory directory = new();
    private readonly HttpClient client = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(30) };

    private DashboardWorld(EchoBackend backend) => Backend = backend;

    public EchoBackend Backend { get; }

    public TestCertificate Certificate { get; } = TestAuthority.Create().Server("shop.test");

    public ControllerProcess Controller { get; private set; } = null!;

    public string Manifests => directory.File("manifests");

    /// <summary>The admin port over loopback.</summary>
    public Uri Admin => new UriBuilder(Controller.Admin.BaseAddress!) { Host = "127.0.0.1" }.Uri;

    /// <summary>The admin port as other hosts see it.</summary>
    public Uri Outside => new UriBuilder(Admin) { Host = OwnAddress.Value.ToString() }.Uri;

    /// <param name="prepare">Before the start.</param>

    public static async Task<DashboardWorld> StartAsync(Action<DashboardWorld>? prepare = null, string address = "127.0.0.1", params string[] flags)
    {
        var world = new DashboardWorld(await EchoBackend.StartAsync());
        world.Write("class", World.Class);
        world.Write("web", World.Service("web", world.Backend.Port));
        world.Write("dead", World.Service("dead", 1));
        world.Write("certificate", world.Certificate.Secret("certificate"));
        world.Write("shop", Ingress("shop", "shop.test", "/", "web", "[{ hosts: [shop.test], secretName: certificate }]"));
        world.Write("blog", Ingress("blog", "blog.test", "/", "dead", "[]"));
        world.Write("gone", Ingress("gone", "gone.test", "/old", "missing", "[]"));
        prepare?.Invoke(world);
        string[] all = ["--manifests", world.Manifests, "--bind-address", address, "--http-port", "0", "--https-port", "0", "--admin-port", "0", "--ssl-redirect", "false", .. flags];
        world.Controller = await ControllerProcess.OfAsync(RunningProgram.Start(ControllerProcess.File, all));
        return world;
    }

    public void Write(string file, string manifest) => directory.Write($"manifests/{file}.yaml", manifest);

    public void Delete(string file) => File.Delete(directory.File($"manifests/{file}.yaml"));

    public static string Ingress(string name, string host, string path, string service, string tls) =>
        $$"""
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: { name: {{name}} }
        spec:
          ingressClassName: yarp
          tls: {{tls}}
          rules:
            - host: {{host}}
              http: { paths: [{ path: {{path}}, pathType: Prefix, backend: { service: { name: {{service}}, port: { number: 80 } } } }] }
        """;

    /// <summary>The answer of the API, which must be 200.</summary>
    public async Task<JsonNode> GetAsync(string target)
    {
        using var response = await SendAsync(target);
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{target}: {(int)response.StatusCode} {body}");
        return JsonNode.Parse(body)!;
    }

    /// <param name="from">Null: over loopback.</param>
    /// <param name="token">Null: none is sent.</param>
    public async Task<HttpResponseMessage> SendAsync(string target, Uri? from = null, string? token = null, string method = "GET", params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(from ?? Admin, target));
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    public async Task<(int Status, string Body)> AnswerAsync(string target, Uri? from = null, string? token = null, string method = "GET", params (string Name, string Value)[] headers)
    {
        using var response = await SendAsync(target, from, token, method, headers);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await Controller.DisposeAsync();
        await Backend.DisposeAsync();
        directory.Dispose();
    }
}
