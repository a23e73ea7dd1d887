using System.Text;
using IngressController.Kubernetes.Api;
using IngressController.Testing;
using IngressController.Testing.ApiServer;
using Microsoft.Extensions.Logging.Abstractions;

namespace IngressController.EndToEnd.Cluster.Identity;

/// <summary>A fake API server with TLS that lets operators and service accounts in, and clients that show it who they are.</summary>
internal sealed class AskedServer : IAsyncDisposable
{
    private readonly TemporaryDirectory directory = new();
    private readonly List<ApiClient> clients = [];

    private AskedServer(FakeApiServer fake) => Fake = fake;

    public FakeApiServer Fake { get; }

    /// <summary>Of the clients.</summary>
    public ManualClock Clock { get; } = new();

    /// <summary>Of a cluster in a kubeconfig.</summary>
    public string Authority => $"certificate-authority-data: {Base64(Fake.CertificateAuthority!)}";

    public static async Task<AskedServer> StartAsync(params string[] basePaths)
    {
        var fake = await FakeApiServer.StartAsync(tls: true, time: null, basePaths);
        fake.Apply("""
            {apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: all}, rules: [{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}]}
            ---
            {apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: all}, roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: all}, subjects: [{kind: Group, name: operators}, {kind: Group, name: system:serviceaccounts}]}
            """);
        return new(fake);
    }

    public static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    /// <returns>The path.</returns>
    public string Write(string file, string text)
    {
        directory.Write(file, text);
        return directory.File(file);
    }

    public string PathOf(string file) => directory.File(file);

    /// <param name="user">Of a kubeconfig, without its braces.</param>
    /// <param name="cluster">Beside the server; the authority where null.</param>
    /// <param name="server">The fake's own address where null.</param>
    public ApiClient Connect(string user, string? cluster = null, string? server = null) => Connect(ApiConnection.FromKubeconfig([Write("config", $$$"""
        current-context: a
        contexts: [{name: a, context: {cluster: c, user: u}}]
        clusters: [{name: c, cluster: {server: '{{{server ?? Fake.Address.ToString().TrimEnd('/')}}}', {{{cluster ?? Authority}}} }}]
        users: [{name: u, user: { {{{user}}} }}]
        """)]));

    public ApiClient Connect(ApiConnection connection)
    {
        clients.Add(new(connection, Clock, NullLogger<ApiClient>.Instance));
        return clients[^1];
    }

    /// <summary>Asks for something.</summary>
    /// <returns>As whom the server knows who asked.</returns>
    public async Task<string> WhoAsync(ApiClient client)
    {
        using var answer = await client.OpenAsync("/api/v1/namespaces/default", CancellationToken.None).InTime();
        return Fake.Requests.Last().User;
    }

    public async ValueTask DisposeAsync()
    {
        clients.ForEach(client => client.Dispose());
        await Fake.DisposeAsync();
        directory.Dispose();
    }
}
