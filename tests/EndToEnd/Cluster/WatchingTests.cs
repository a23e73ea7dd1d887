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
