using IngressController.Testing;
using IngressController.Testing.ApiServer;

namespace IngressController.EndToEnd.Cluster;

/// <summary>As whom the API server is asked, over TLS.</summary>
public sealed class IdentityTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task A_token_file_that_rotates_is_read_again_when_the_old_token_is_refused()
    {
        directory.Write("token", "first\n");
        await using var cluster = await ReadCluster.StartAsync(
            server =>
            {
                server.AddToken("first", "controller");
                server.AddToken("second", "controller");
                server.Apply(ReadCluster.Ingress("a") + Admin);
            },
            tls: true,
            kubeconfig: server => server.Kubeconfig().Replace($"token: {FakeApiServer.AdminToken}", $"tokenFile: {directory.File("token")}", StringComparison.Ordinal));
        await cluster.HasIngressesAsync("default/a");
        directory.Write("token", "second\n");
        cluster.Server.ExpireToken("first");
        cluster.Server.DropStreams();
        cluster.Server.Apply(ReadCluster.Ingress("b"));
        await cluster.HasIngressesAsync("default/a", "default/b");
    }

    [Fact]
    public async Task An_exec_plugin_runs_once_until_its_token_is_refused()
    {
        directory.Write("token", "first");
        directory.Write("plugin", $$$"""
            echo run >> {{{directory.File("runs")}}}
            printf '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"%s"}}' "$(cat {{{directory.File("token")}}})"
            """);
        await using var cluster = await ReadCluster.StartAsync(
            server =>
            {
                server.AddToken("first", "controller");
                server.AddToken("second", "controller");
                server.Apply(ReadCluster.Ingress("a") + Admin);
            },
            kubeconfig: server => server.Kubeconfig().Replace(
                $"token: {FakeApiServer.AdminToken}", $"exec: {{apiVersion: client.authentication.k8s.io/v1, command: sh, args: [{directory.File("plugin")}]}}", StringComparison.Ordinal));
        await cluster.HasIngressesAsync("default/a");
        Assert.Single(await File.ReadAllLinesAsync(directory.File("runs")));
        directory.Write("token", "second");
        cluster.Server.ExpireToken("first");
        cluster.Server.DropStreams();
        cluster.Server.Apply(ReadCluster.Ingress("b"));
        await cluster.HasIngressesAsync("default/a", "default/b");
        Assert.Equal(2, (await File.ReadAllLinesAsync(directory.File("runs"))).Length);
    }

    [Fact]
    public async Task A_server_with_a_certificate_of_another_authority_is_not_told_the_token()
    {
        await using var cluster = await ReadCluster.StartAsync(
            tls: true,
            kubeconfig: server => server.Kubeconfig().Replace(Base64(server.CertificateAuthority!), Base64(SelfSigned.Certificate.ExportCertificatePem()), StringComparison.Ordinal));
        await cluster.BecomesAsync(() => cluster.Problems.Count > 0, "a problem");
        Assert.Contains("certificate", cluster.Problems[0].Message, StringComparison.Ordinal);
        Assert.Empty(cluster.Server.Requests);
    }

    [Fact]
    public async Task The_certificate_must_have_the_name_that_tls_server_name_says()
    {
        await using var cluster = await ReadCluster.StartAsync(
            tls: true,
            kubeconfig: server => server.Kubeconfig().Replace("    server:", "    tls-server-name: other.example.com\n    server:", StringComparison.Ordinal));
        await cluster.BecomesAsync(() => cluster.Problems.Count > 0, "a problem");
        Assert.Empty(cluster.Server.Requests);
    }

    private static string Base64(string pem) => Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(pem));

    private const string Admin = """
        {apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: all}, rules: [{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}]}
        ---
        {apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: all}, roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: all}, subjects: [{kind: User, name: controller}]}
        """;
}
