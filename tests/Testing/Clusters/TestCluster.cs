using System.Net;
using System.Text.Json.Nodes;
using IngressController.Kubernetes.Api;
using IngressController.Testing.ApiServer;

namespace IngressController.Testing.Clusters;

/// <summary>
/// A cluster for one test: the real one of the kubeconfig that INGRESS_TEST_KUBECONFIG names, else a fake API server with TLS and RBAC. Whatever a test does to it goes
/// over HTTP as the kubeconfig's user. The test has a namespace, a class and a controller name of its own, and all that it made is removed when it ends.
/// </summary>
public sealed partial class TestCluster : IAsyncDisposable
{
    /// <summary>On every object, so that what a test that was killed has left can be found.</summary>
    public const string Label = "ingress-controller-test";

    private const string Variable = "INGRESS_TEST_KUBECONFIG";

    private readonly TemporaryDirectory directory = new();
    private readonly Stack<string> made = new();
    private readonly ApiConnection connection;
    private readonly JsonApi api;

    private TestCluster(FakeApiServer? fake, string? kubeconfig)
    {
        Fake = fake;
        directory.Write("admin", kubeconfig is null ? fake!.Kubeconfig() : "");
        Kubeconfig = kubeconfig ?? directory.File("admin");
        connection = ApiConnection.FromKubeconfig([Kubeconfig]);
        api = new(connection);
        var id = Guid.NewGuid().ToString("N")[..8];
        (Namespace, Class, Controller) = ($"ingress-test-{id}", $"ingress-test-{id}", $"ingress-test.example.com/{id}");
    }

    /// <summary>Null where the cluster is real: only what is about the fake itself may use it.</summary>
    public FakeApiServer? Fake { get; }

    /// <summary>The admin's file.</summary>
    public string Kubeconfig { get; }

    /// <summary>Where objects go that name no namespace.</summary>
    public string Namespace { get; }

    /// <summary>The name of the test's IngressClass, which <see cref="StartAsync"/> makes.</summary>
    public string Class { get; }

    /// <summary>The class's spec.controller.</summary>
    public string Controller { get; }

    public static async Task<TestCluster> StartAsync()
    {
        var kubeconfig = Environment.GetEnvironmentVariable(Variable);
        var cluster = string.IsNullOrEmpty(kubeconfig) ? new TestCluster(await FakeApiServer.StartAsync(tls: true), null) : new(null, kubeconfig);
        try
        {
            await cluster.ApplyAsync($$$"""
                {apiVersion: v1, kind: Namespace, metadata: {name: {{{cluster.Namespace}}}}}
                ---
                {apiVersion: networking.k8s.io/v1, kind: IngressClass, metadata: {name: {{{cluster.Class}}}}, spec: {controller: {{{cluster.Controller}}}}}
                """);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>A kubeconfig with a token of a ServiceAccount.</summary>
    /// <returns>The file.</returns>
    public async Task<string> KubeconfigOfAsync(string serviceAccount, string? @namespace = null)
    {
        var token = await TokenOfAsync(serviceAccount, @namespace ?? Namespace);
        var cluster = new JsonObject { ["server"] = connection.Server.AbsoluteUri.TrimEnd('/') };
        if (connection.Authority is { } authority)
        {
            cluster["certificate-authority-data"] = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(authority.Read(Kubeconfig)));
        }

        cluster["insecure-skip-tls-verify"] = connection.SkipsVerification ? true : null;
        cluster["tls-server-name"] = connection.ServerName;
        cluster["proxy-url"] = connection.Proxy?.OriginalString;
        foreach (var unset in cluster.Where(field => field.Value is null).ToList())
        {
            cluster.Remove(unset.Key);
        }

        var name = $"{@namespace ?? Namespace}-{serviceAccount}";
        directory.Write(name, new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Config",
            ["current-context"] = "test",
            ["clusters"] = new JsonArray(new JsonObject { ["name"] = "test", ["cluster"] = cluster }),
            ["contexts"] = new JsonArray(new JsonObject { ["name"] = "test", ["context"] = new JsonObject { ["cluster"] = "test", ["user"] = "test" } }),
            ["users"] = new JsonArray(new JsonObject { ["name"] = "test", ["user"] = new JsonObject { ["token"] = token } }),
        }.ToJsonString());
        return directory.File(name);
    }

    /// <summary>The whole program, for the test's class, with its Lease in the test's namespace.</summary>
    /// <param name="kubeconfig">The admin's where null.</param>
    public async Task<ControllerProcess> RunAsync(string? kubeconfig = null, params string[] flags) => await ControllerProcess.OfAsync(RunningProgram.Start(
        ControllerProcess.File,
        [
            "--kubeconfig", kubeconfig ?? Kubeconfig, "--bind-address", "127.0.0.1", "--http-port", "0", "--https-port", "0", "--admin-port", "0",
            "--controller-name", Controller, "--ingress-class", Class, "--pod-namespace", Namespace, .. flags,
        ]));

    public async ValueTask DisposeAsync()
    {
        var left = new List<string>();
        foreach (var path in made)
        {
            var (status, answer) = await api.SendAsync(HttpMethod.Delete, path);
            if (status is not (>= 200 and < 300) and not (int)HttpStatusCode.NotFound and not (int)HttpStatusCode.Conflict)
            {
                left.Add($"{path}: {answer["message"]}");
            }
        }

        api.Dispose();
        await (Fake?.DisposeAsync() ?? ValueTask.CompletedTask);
        directory.Dispose();
        if (left.Count > 0)
        {
            throw new InvalidOperationException($"The test has left {string.Join("; ", left)}");
        }
    }

    private async Task<string> TokenOfAsync(string serviceAccount, string @namespace)
    {
        var path = $"{PathOf("ServiceAccount", serviceAccount, @namespace)}/token";
        var answer = await ExpectAsync(HttpMethod.Post, path, new JsonObject
        {
            ["apiVersion"] = "authentication.k8s.io/v1",
            ["kind"] = "TokenRequest",
            ["spec"] = new JsonObject { ["expirationSeconds"] = 3600 },
        });
        return (string)answer["status"]!["token"]!;
    }
}
