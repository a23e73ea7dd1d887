using IngressController.Testing;

namespace IngressController.EndToEnd.Cluster;

/// <summary>What is counted of watches, and when news are said to have come.</summary>
public sealed class WatchMetricsTests
{
    [Fact]
    public async Task A_watch_that_must_begin_anew_is_counted_with_its_reason()
    {
        await using var cluster = await ReadCluster.StartAsync(server => server.Apply(ReadCluster.Ingress("a")), clock: new ManualClock());
        await cluster.WatchingAsync();
        cluster.Server.DropStreams();
        cluster.Server.Apply(ReadCluster.Ingress("b"));
        cluster.Server.CompactHistory();
        await cluster.HasIngressesAsync("default/a", "default/b");

        await cluster.Readings.IsAsync("ingress.watch.restarts Ingress expired", count => count > 0, "some");
    }

    [Fact]
    public async Task What_may_not_be_read_is_counted_as_refused()
    {
        await using var cluster = await ReadCluster.StartAsync(kubeconfig: server => server.Kubeconfig("wrong"));
        await cluster.Readings.IsAsync("ingress.watch.restarts Ingress refused", count => count > 0, "some");
    }

    [Fact]
    public async Task News_of_a_watch_say_when_they_came_and_lists_do_not()
    {
        await using var cluster = await ReadCluster.StartAsync(server => server.Apply(ReadCluster.Ingress("a")));
        await cluster.WatchingAsync();
        Assert.Null(cluster.Came);
        var before = TimeProvider.System.GetTimestamp();
        cluster.Server.Apply(ReadCluster.Ingress("b"));
        await cluster.HasIngressesAsync("default/a", "default/b");
        Assert.InRange(cluster.Came!.Value, before, TimeProvider.System.GetTimestamp());
    }
}
