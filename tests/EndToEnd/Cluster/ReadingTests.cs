using System.Text;
using IngressController.Cluster;
using IngressController.Cluster.Resources;
using IngressController.Testing.Clusters;

namespace IngressController.EndToEnd.Cluster;

/// <summary>What the source tells of a cluster, and with which rights.</summary>
public sealed class ReadingTests : IAsyncLifetime
{
    private TestCluster cluster = null!;

    public async Task InitializeAsync() => cluster = await TestCluster.StartAsync();

    public async Task DisposeAsync() => await cluster.DisposeAsync();

    [Fact]
    public async Task What_comes_changes_and_goes_is_told()
    {
        await cluster.ApplyAsync(Web.Ingress("a", cluster.Class, "a.example.com"));
        await using var read = ReadCluster.Of(cluster);
        await read.HasIngressesAsync($"{cluster.Namespace}/a");
        await cluster.ApplyAsync(Web.Ingress("b", cluster.Class, "b.example.com") + Web.Ingress("a", cluster.Class, "changed.example.com"));
        await read.HasIngressesAsync($"{cluster.Namespace}/a", $"{cluster.Namespace}/b");
        await read.BecomesAsync(() => read.Snapshot.Ingresses[new(cluster.Namespace, "a")].Rules[0].Host == "changed.example.com", "the change");
        await cluster.DeleteAsync("Ingress", "a");
        await read.HasIngressesAsync($"{cluster.Namespace}/b");
        Assert.Equal(1, cluster.Fake?.Count("list", "ingresses") ?? 1);
    }

    [Fact]
    public async Task Of_the_Secrets_certificates_and_opaque_ones_are_read_and_their_changes()
    {
        await cluster.ApplyAsync(Secret("a", "Opaque", "first") + Secret("b", "example.com/other", "first"));
        await cluster.ApplyAsync(Web.Ingress("i", cluster.Class, "a.example.com").Replace("{name: i}", "{name: i, annotations: {one: a, other: b}}", StringComparison.Ordinal)); // what nothing refers to is not kept
        await using var read = ReadCluster.Of(cluster);
        await read.BecomesAsync(() => ValueOf(read, "a") == "first", "the Secret");
        await cluster.ApplyAsync(Secret("b", "example.com/other", "second") + Secret("a", "Opaque", "second"));
        await read.BecomesAsync(() => ValueOf(read, "a") == "second", "its change");
        Assert.Null(ValueOf(read, "b"));
        await cluster.DeleteAsync("Secret", "a");
        await read.BecomesAsync(() => ValueOf(read, "a") is null, "its end");
    }

    [Fact]
    public async Task A_kind_that_may_not_be_read_names_the_rule_and_does_not_stop_the_others()
    {
        await cluster.ApplyAsync(Web.Ingress("a", cluster.Class, "a.example.com") + Account + Rights("others", "ingresses, services, endpointslices, configmaps") + OfCluster);
        await using var read = ReadCluster.Of(cluster, await cluster.KubeconfigOfAsync("limited"));
        await read.HasIngressesAsync($"{cluster.Namespace}/a");
        await read.BecomesAsync(() => read.Problems.Count > 0, "a problem");
        var problem = Assert.Single(read.Problems);
        Assert.Equal((ProblemCode.ApiForbidden, Severity.Warning), (problem.Code, problem.Severity));
        Assert.Equal($"secrets is forbidden: User \"system:serviceaccount:{cluster.Namespace}:limited\" cannot list resource \"secrets\" in API group \"\" in the namespace \"{cluster.Namespace}\"", problem.Message);
        Assert.Contains("{apiGroups: [\"\"], resources: [secrets], verbs: [get, list, watch]}", problem.Cure, StringComparison.Ordinal);

        await cluster.ApplyAsync(Rights("secrets", "secrets"));
        await read.BecomesAsync(() => read.Problems.Count == 0, "the rule helps");
    }

    [Fact]
    public async Task With_Roles_only_the_named_namespaces_are_read_and_no_others_asked_for()
    {
        var other = await cluster.AddNamespaceAsync("other");
        await cluster.ApplyAsync(Account + Rights("all", "ingresses, services, endpointslices, configmaps, secrets") + Web.Ingress("a", cluster.Class, "a.example.com"));
        await cluster.ApplyAsync(Web.Ingress("b", cluster.Class, "b.example.com").Replace("{name: b}", $"{{name: b, namespace: {other}}}", StringComparison.Ordinal));
        await using var read = ReadCluster.Of(cluster, await cluster.KubeconfigOfAsync("limited"));
        await read.HasIngressesAsync($"{cluster.Namespace}/a");
        await read.BecomesAsync(() => read.Problems.Count == 2, "classes and namespaces may not be read");
        Assert.All(read.Problems, problem => Assert.Matches("^(ingressclasses|namespaces)", problem.Message));
        var ofProgram = cluster.Fake?.Requests.Where(request => request.User.EndsWith(":limited", StringComparison.Ordinal) && request.Resource is not ("ingressclasses" or "namespaces"));
        Assert.All(ofProgram ?? [], request => Assert.Equal(cluster.Namespace, request.Namespace));
    }

    private string? ValueOf(ReadCluster read, string name) =>
        read.Snapshot.Secrets.GetValueOrDefault(new(cluster.Namespace, name)) is { } secret ? Encoding.UTF8.GetString([.. secret.Data.Single().Value]) : null;

    private static string Secret(string name, string type, string value) => $$$"""
        {apiVersion: v1, kind: Secret, metadata: {name: {{{name}}}}, type: {{{type}}}, stringData: {k: {{{value}}}}}
        ---

        """;

    private const string Account = "{apiVersion: v1, kind: ServiceAccount, metadata: {name: limited}}\n---\n";

    private string OfCluster => $$$"""
        {apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: {{{cluster.Class}}}}, rules: [{apiGroups: ["*"], resources: [ingressclasses, namespaces], verbs: [get, list, watch]}]}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: {name: {{{cluster.Class}}}}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: {{{cluster.Class}}}}
        subjects: [{kind: ServiceAccount, name: limited, namespace: {{{cluster.Namespace}}}}]
        """;

    private static string Rights(string name, string resources) => $$$"""
        {apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: {{{name}}}}, rules: [{apiGroups: ["*"], resources: [{{{resources}}}], verbs: [get, list, watch]}]}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {name: {{{name}}}}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: {{{name}}}}
        subjects: [{kind: ServiceAccount, name: limited}]
        ---

        """;
}
