using IngressController.Cluster;
using IngressController.Testing;

namespace IngressController.EndToEnd.Cluster;

public sealed class WatchingTests
{
    [Fact]
    public async Task A_list_of_several_pages_is_read_whole_before_anything_is_told()
    {
        await using var cluster = await ReadCluster.StartAsync(server => server.Apply(string.Concat(Enumerable.Range(0, 1200).Select(i => ReadCluster.Ingress($"i{i}")))));
        await cluster.SyncedAsync();
        Assert.Equal(1200, cluster.Snapshot.Ingresses.Count);
        Assert.Equal(3, cluster.Server.Count("list", "ingresses"));
    }

    [Fact]
    public async Task What_comes_changes_and_goes_is_told()
    {
        await using var cluster = await ReadCluster.StartAsync(server => server.Apply(ReadCluster.Ingress("a")));
        await cluster.HasIngressesAsync("default/a");
        cluster.Server.Apply(ReadCluster.Ingress("b") + ReadCluster.Ingress("a", "changed.example.com"));
        await cluster.HasIngressesAsync("default/a", "default/b");
        await cluster.BecomesAsync(() => cluster.Snapshot.Ingresses[new("default", "a")].Rules[0].Host == "changed.example.com", "the change");
        cluster.Server.Delete("Ingress", "default", "a");
        await cluster.HasIngressesAsync("default/b");
        Assert.Equal(1, cluster.Server.Count("list", "ingresses"));
    }

    [Fact]
    public async Task A_stream_that_is_cut_goes_on_from_its_position()
    {
        await using var cluster = await ReadCluster.StartAsync(server => server.Apply(ReadCluster.Ingress("a")));
        await cluster.WatchingAsync();
        cluster.Server.DropStreams();
        cluster.Server.Apply(ReadCluster.Ingress("b"));
        await cluster.HasIngressesAsync("default/a", "default/b");
        Assert.Equal(1, cluster.Server.Count("list", "ingresses"));
    }

    [Fact]
    public async Task A_server_that_comes_back_with_compacted_history_is_listed_and_what_is_gone_goes()
    {
        await using var cluster = await ReadCluster.StartAsync(server => server.Apply(ReadCluster.Ingress("a") + ReadCluster.Ingress("b")));
        await cluster.WatchingAsync();
        await cluster.Server.StopListeningAsync();
        cluster.Server.Delete("Ingress", "default", "a");
        cluster.Server.Apply(ReadCluster.Ingress("c"));
        cluster.Server.CompactHistory();
        await cluster.BecomesAsync(() => cluster.Problems.Any(problem => problem.Code == ProblemCode.ApiUnreachable), "a problem");
        Assert.Equal(2, cluster.Snapshot.Ingresses.Count);
        await cluster.Server.StartListeningAsync();
        await cluster.HasIngressesAsync("default/b", "default/c");
        await cluster.BecomesAsync(() => cluster.Problems.Count == 0, "no problem");
    }

    [Fact]
    public async Task A_server_that_throttles_and_fails_is_asked_again()
    {
        await using var cluster = await ReadCluster.StartAsync(server =>
        {
            server.Apply(ReadCluster.Ingress("a"));
            server.Throttle(3);
            server.Fail(3, 503);
        });
        await cluster.HasIngressesAsync("default/a");
    }

    [Fact]
    public async Task A_kind_that_may_not_be_read_names_the_rule_and_does_not_stop_the_others()
    {
        await using var cluster = await ReadCluster.StartAsync(
            server =>
            {
                server.Apply(ReadCluster.Ingress("a") + Rights("ingresses, ingressclasses, services, endpointslices, configmaps, namespaces"));
                server.AddToken("limited", "limited");
            },
            kubeconfig: server => server.Kubeconfig("limited"));
        await cluster.HasIngressesAsync("default/a");
        await cluster.BecomesAsync(() => cluster.Problems.Count > 0, "a problem");
        var problem = Assert.Single(cluster.Problems);
        Assert.Equal((ProblemCode.ApiForbidden, Severity.Warning), (problem.Code, problem.Severity));
        Assert.Equal("secrets is forbidden: User \"limited\" cannot list resource \"secrets\" in API group \"\" at the cluster scope", problem.Message);
        Assert.Equal("Add to the rules of the ClusterRole: - {apiGroups: [\"\"], resources: [secrets], verbs: [get, list, watch]}", problem.Cure);

        cluster.Server.Apply(Rights("secrets"));
        await cluster.BecomesAsync(() => cluster.Problems.Count == 0, "the rule helps");
    }

    [Fact]
    public async Task A_required_kind_that_may_not_be_read_is_waited_for()
    {
        await using var cluster = await ReadCluster.StartAsync(
            server =>
            {
                server.Apply(Rights("ingresses, ingressclasses, services"));
                server.AddToken("limited", "limited");
            },
            kubeconfig: server => server.Kubeconfig("limited"));
        await cluster.BecomesAsync(() => cluster.Problems.Any(problem => problem is { Severity: Severity.Error, Code: ProblemCode.ApiForbidden }), "an error");
        Assert.False(cluster.IsSynced);
        cluster.Server.Apply(Rights("endpointslices"));
        await cluster.SyncedAsync();
    }

    [Fact]
    public async Task Only_the_watched_namespaces_are_asked_for()
    {
        await using var cluster = await ReadCluster.StartAsync(
            server => server.Apply(ReadCluster.Ingress("a") + ReadCluster.Ingress("b").Replace("name: b", "name: b, namespace: shop", StringComparison.Ordinal)), options: new() { Namespaces = ["shop"] });
        await cluster.HasIngressesAsync("shop/b");
        Assert.All(cluster.Server.Requests.Where(request => request.Resource is not ("ingressclasses" or "namespaces")), request => Assert.Equal("shop", request.Namespace));
    }

    [Fact]
    public async Task Of_the_Secrets_only_certificates_and_opaque_ones_are_read()
    {
        await using var cluster = await ReadCluster.StartAsync(server => server.Apply("""
            {apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: i, annotations: {one: a, other: b}}, spec: {defaultBackend: {service: {name: web, port: {number: 80}}}}}
            ---
            {apiVersion: v1, kind: Secret, metadata: {name: a}, type: Opaque, data: {k: dg==}}
            ---
            {apiVersion: v1, kind: Secret, metadata: {name: b}, type: example.com/other, data: {k: dg==}}
            """));
        await cluster.SyncedAsync();
        await cluster.BecomesAsync(() => cluster.Snapshot.Secrets.ContainsKey(new("default", "a")), "the Secret");
        Assert.Single(cluster.Snapshot.Secrets);
    }

    [Fact]
    public async Task A_server_that_comes_back_with_an_older_history_is_listed_anew()
    {
        await using var cluster = await ReadCluster.StartAsync(server => server.Apply(ReadCluster.Ingress("a")));
        await cluster.WatchingAsync();
        var restore = cluster.Server.Backup();
        cluster.Server.Apply(ReadCluster.Ingress("b"));
        await cluster.HasIngressesAsync("default/a", "default/b");
        restore();
        cluster.Server.Apply(ReadCluster.Ingress("c"));
        await cluster.Server.StopListeningAsync();
        await cluster.BecomesAsync(() => cluster.Problems.Count > 0, "a problem");
        await cluster.Server.StartListeningAsync();
        await cluster.HasIngressesAsync("default/a", "default/c");
    }

    private static string Rights(string resources)
    {
        var name = resources.Replace(", ", "-", StringComparison.Ordinal);
        return $$$$"""
            {apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: {{{{name}}}}}, rules: [{apiGroups: ["*"], resources: [{{{{resources}}}}], verbs: [get, list, watch]}]}
            ---
            {apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: {{{{name}}}}}, roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: {{{{name}}}}}, subjects: [{kind: User, name: limited}]}
            ---

            """;
    }
}
