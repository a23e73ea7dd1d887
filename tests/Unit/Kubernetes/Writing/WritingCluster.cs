using System.Text.Json;
using System.Text.Json.Nodes;
using IngressController.Kubernetes.Api;
using IngressController.Kubernetes.Wire;
using IngressController.Testing;
using IngressController.Testing.ApiServer;
using Microsoft.Extensions.Logging.Abstractions;
using Ingress = IngressController.Cluster.Resources.Ingress;

namespace IngressController.Unit.Kubernetes.Writing;

/// <summary>An API server, and a client with the rights that the writer needs and no others.</summary>
internal sealed class WritingCluster : IAsyncDisposable
{
    private const string Rights = """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: {name: writer}
        rules:
        - {apiGroups: [networking.k8s.io], resources: [ingresses/status], verbs: [get, patch]}
        - {apiGroups: [events.k8s.io], resources: [events], verbs: [create, patch]}
        - {apiGroups: [coordination.k8s.io], resources: [leases], verbs: [get, create, update]}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: {name: writer}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: writer}
        subjects: [{kind: ServiceAccount, namespace: ingress, name: writer}]
        ---
        apiVersion: v1
        kind: Namespace
        metadata: {name: ingress}
        """;

    private const string Token = "writer-token";
    private readonly TemporaryDirectory directory = new();

    private WritingCluster(FakeApiServer server)
    {
        Server = server;
        server.Apply(Rights);
        Client = Connect();
    }

    public FakeApiServer Server { get; }

    public ApiClient Client { get; }

    /// <param name="time">The server's.</param>
    public static async Task<WritingCluster> StartAsync(TimeProvider? time = null) => new(await FakeApiServer.StartAsync(time: time));

    /// <summary>Another connection of the same user.</summary>
    public ApiClient Connect(string token = Token)
    {
        Server.AddToken(token, "system:serviceaccount:ingress:writer");
        var kubeconfig = Path.Combine(directory.Path, token);
        File.WriteAllText(kubeconfig, Server.Kubeconfig(token));
        return new(ApiConnection.FromKubeconfig([kubeconfig]), TimeProvider.System, NullLogger<ApiClient>.Instance);
    }

    /// <summary>Creates an Ingress, or changes its annotation.</summary>
    /// <returns>It, as a watch would show it.</returns>
    public Ingress Add(string name, string annotation = "")
    {
        Server.Apply("""
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: {name: NAME, namespace: shop, annotations: {example.com/note: "NOTE"}}
            spec: {defaultBackend: {service: {name: web, port: {number: 80}}}}
            """.Replace("NAME", name, StringComparison.Ordinal).Replace("NOTE", annotation, StringComparison.Ordinal));
        return See(name);
    }

    public Ingress See(string name) =>
        JsonSerializer.Deserialize(Server.Find("Ingress", "shop", name)!, WireContext.Default.Ingress)!.ToResource();

    public JsonArray Entries(string name) => Server.Find("Ingress", "shop", name)?["status"]?["loadBalancer"]?["ingress"]?.AsArray() ?? [];

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Server.DisposeAsync();
        directory.Dispose();
    }
}
