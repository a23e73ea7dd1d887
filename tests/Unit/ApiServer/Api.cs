using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using IngressController.Testing;
using IngressController.Testing.ApiServer;

namespace IngressController.Unit.ApiServer;

/// <summary>A fake API server and plain HTTP to it, as curl would speak.</summary>
internal sealed class Api : IAsyncDisposable
{
    public const string Ingresses = "/apis/networking.k8s.io/v1/ingresses";
    public const string InDefault = "/apis/networking.k8s.io/v1/namespaces/default/ingresses";

    private readonly HttpClient client = new();

    private Api(FakeApiServer server, ManualClock clock) => (Server, Clock) = (server, clock);

    public FakeApiServer Server { get; }

    public ManualClock Clock { get; }

    public static async Task<Api> StartAsync()
    {
        var clock = new ManualClock();
        return new(await FakeApiServer.StartAsync(time: clock), clock);
    }

    /// <summary>The recorded Ingress under another name.</summary>
    public static string Ingress(string name) => Recording.Read("create-ingress").Request.Replace("{\"name\":\"web\"},\"spec\"", $"{{\"name\":\"{name}\"}},\"spec\"", StringComparison.Ordinal);

    /// <summary>The class that an Ingress without one gets, as on the server that was recorded.</summary>
    public void HasDefaultClass() => Server.Apply("""
        apiVersion: networking.k8s.io/v1
        kind: IngressClass
        metadata: {name: yarp, annotations: {ingressclass.kubernetes.io/is-default-class: "true"}}
        spec: {controller: yarp.ingress.kubernetes.io/controller}
        """);

    public async Task<HttpResponseMessage> SendAsync(string method, string target, string body = "", string type = "application/json", string? token = FakeApiServer.AdminToken)
    {
        using var request = new HttpRequestMessage(new(method), new Uri(Server.Address, target));
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("curl", "8.5.0"));
        request.Headers.Authorization = token is null ? null : new("Bearer", token);
        if (body.Length > 0)
        {
            request.Content = new StringContent(body, Encoding.UTF8, type);
        }

        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).InTime();
    }

    public async Task<JsonNode> AskAsync(string method, string target, string body = "", string type = "application/json", string? token = FakeApiServer.AdminToken)
    {
        using var response = await SendAsync(method, target, body, type, token);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync().InTime())!;
    }

    /// <summary>Sends the recorded request and holds the answer against the recorded one.</summary>
    public async Task AssertAnswersAsync(string recording, string? target = null)
    {
        var recorded = Recording.Read(recording);
        using var response = await SendAsync(recorded.Method, target ?? recorded.Target, recorded.Request, recorded.ContentType);
        await AssertSameAsync(recorded, response);
    }

    public static async Task AssertSameAsync(Recording recorded, HttpResponseMessage response)
    {
        Assert.Equal(recorded.Status, (int)response.StatusCode);
        Assert.Equal(recorded.Headers["content-type"], response.Content.Headers.ContentType?.ToString());
        Recording.AssertSame(recorded.Body, await response.Content.ReadAsStringAsync().InTime());
    }

    /// <summary>Opens a watch; the caller reads its lines.</summary>
    public async Task<StreamReader> WatchAsync(string target)
    {
        var open = Server.OpenStreams;
        var response = await SendAsync("GET", target);
        Assert.Equal(200, (int)response.StatusCode);
        var reader = new StreamReader(await response.Content.ReadAsStreamAsync().InTime());
        await Eventually.TrueAsync(() => Server.OpenStreams > open, "the watch is open");
        return reader;
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await Server.DisposeAsync();
    }
}
