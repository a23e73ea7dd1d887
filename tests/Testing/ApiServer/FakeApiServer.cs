using System.Net;
using System.Text.Json.Nodes;
using IngressController.Testing.ApiServer.Access;
using IngressController.Testing.ApiServer.Reading;
using IngressController.Testing.ApiServer.Storage;
using IngressController.Testing.ApiServer.Writing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace IngressController.Testing.ApiServer;

/// <summary>
/// A Kubernetes API server on loopback that answers as kube-apiserver 1.32 does, for the kinds that the controller knows. It begins with
/// the namespaces default and kube-system. Only the admin may do anything until RBAC objects grant more.
/// </summary>
public sealed partial class FakeApiServer : IAsyncDisposable
{
    /// <summary>Of a user who may do anything.</summary>
    public const string AdminToken = "admin-token";

    private readonly Authority? authority;
    private readonly string[] basePaths;
    private readonly ObjectStore store = new();
    private readonly Streams streams = new();
    private readonly Authentication authentication;
    private readonly Faults faults;
    private readonly ObjectWrites writes;
    private readonly RequestHandler handler;
    private WebApplication? app;
    private int port;

    private FakeApiServer(bool tls, TimeProvider time, string[] basePaths)
    {
        authority = tls ? new Authority() : null;
        this.basePaths = basePaths;
        faults = new(time);
        writes = new(store, time);
        authentication = new(authority, time);
        handler = new(store, writes, authentication, new Rbac(store), faults, streams, time);
        authentication.Add(AdminToken, User.Admin);
        AddNamespace("default");
        AddNamespace("kube-system");
    }

    /// <summary>Under the first base path.</summary>
    public Uri Address => AddressOf(basePaths[0]);

    /// <summary>PEM; null without TLS.</summary>
    public string? CertificateAuthority => authority?.Pem;

    /// <param name="time">For timestamps, bookmarks, timeoutSeconds and delays; the machine's where null.</param>
    /// <param name="basePaths">Where the API stands, as behind a proxy: <c>/k8s/clusters/c-1</c>; at the root where none is given.</param>
    public static async Task<FakeApiServer> StartAsync(bool tls = false, TimeProvider? time = null, params string[] basePaths)
    {
        var server = new FakeApiServer(tls, time ?? TimeProvider.System, basePaths.Length == 0 ? [""] : basePaths);
        await server.StartListeningAsync();
        return server;
    }

    public Uri AddressOf(string basePath) => new($"{(authority is null ? "http" : "https")}://127.0.0.1:{port}{basePath}");

    /// <summary>A kubeconfig of one context, <c>fake</c>.</summary>
    public string Kubeconfig(string token = AdminToken) => $$"""
        apiVersion: v1
        kind: Config
        current-context: fake
        clusters:
        - name: fake
          cluster:
            server: {{Address.ToString().TrimEnd('/')}}{{(authority is null ? "" : $"\n    certificate-authority-data: {Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(authority.Pem))}")}}
        contexts:
        - name: fake
          context: {cluster: fake, user: fake}
        users:
        - name: fake
          user:
            token: {{token}}

        """;

    /// <summary>Refuses connections from now on and cuts those that are open.</summary>
    public async Task StopListeningAsync()
    {
        if (Interlocked.Exchange(ref app, null) is { } running)
        {
            streams.Drop();
            using var now = new CancellationTokenSource(TimeSpan.FromMilliseconds(200), TimeProvider.System);
            await running.StopAsync(now.Token);
            await running.DisposeAsync();
        }
    }

    /// <summary>On the port that it had before.</summary>
    public async Task StartListeningAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, port, listener =>
            {
                if (authority is not null)
                {
                    listener.UseHttps(https =>
                    {
                        https.ServerCertificate = authority.Certificate;
                        https.ClientCertificateMode = ClientCertificateMode.AllowCertificate; // asked for; authentication judges it
                        https.AllowAnyClientCertificate();
                    });
                }
            });
        });
        app = builder.Build();
        app.Run(RouteAsync);
        await app.StartAsync();
        port = new Uri(app.Urls.First()).Port;
    }

    public async ValueTask DisposeAsync() => await StopListeningAsync();

    private Task RouteAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "";
        var @base = basePaths.Where(known => path.StartsWith($"{known}/", StringComparison.Ordinal)).MaxBy(known => known.Length);
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return @base is null ? Task.CompletedTask : RespondAsync(context, path[@base.Length..]);
    }

    private Task RespondAsync(HttpContext context, string path)
    {
        context.Response.StatusCode = StatusCodes.Status200OK;
        return handler.AnswerAsync(context, path);
    }

    private void AddNamespace(string name) =>
        writes.Create(ApiResource.OfKind("Namespace"), "", new JsonObject { ["metadata"] = new JsonObject { ["name"] = name } }, new("kube-apiserver"));
}
