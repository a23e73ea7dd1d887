using IngressController.Cluster;
using IngressController.Testing;
using IngressController.Testing.ApiServer;

namespace IngressController.EndToEnd.Cluster;

/// <summary>What goes wrong between an API server and its readers, in the reader's own time: what is known stays, and it converges without a restart.</summary>
public sealed class TroubleTests
{
    private readonly ManualClock clock = new();

    [Fact]
    public async Task A_connection_that_is_half_open_is_given_up_and_everything_is_listed()
    {
        await using var cluster = await StartAsync();
        cluster.Server.StallStreams();
        cluster.Server.Delete("Ingress", "default", "a");
        cluster.Server.Apply(ReadCluster.Ingress("b"));
        await PassAsync(TimeSpan.FromSeconds(100));
        Assert.Equal(1, cluster.Server.Count("list", "ingresses"));
        await PassAsync(TimeSpan.FromSeconds(20));
        await cluster.HasIngressesAsync("default/b"); // though new streams say nothing either
        cluster.Server.ResumeStreams();
        cluster.Server.Apply(ReadCluster.Ingress("c"));
        await cluster.HasIngressesAsync("default/b", "default/c");
    }

    [Fact]
    public async Task A_position_that_has_expired_leads_to_a_list()
    {
        await using var cluster = await StartAsync();
        cluster.Server.DropStreams();
        cluster.Server.Delete("Ingress", "default", "a");
        cluster.Server.Apply(ReadCluster.Ingress("b") + ReadCluster.Ingress("c"));
        cluster.Server.CompactHistory();
        await cluster.HasIngressesAsync("default/b", "default/c");
        Assert.Equal(2, cluster.Server.Count("list", "ingresses"));
        await cluster.BecomesAsync(() => cluster.Problems.Count == 0, "no problem");
    }

    [Fact]
    public async Task A_list_that_expires_between_its_pages_begins_again_and_nothing_is_told_twice_or_lost()
    {
        var serverClock = new ManualClock();
        await using var cluster = await ReadCluster.StartAsync(
            server =>
            {
                server.Apply(string.Concat(Enumerable.Range(0, 510).Select(i => ReadCluster.Ingress($"i{i:000}"))));
                server.Delay(TimeSpan.FromSeconds(1));
            },
            clock: clock,
            serverClock: serverClock);
        await cluster.BecomesAsync(() => Step(serverClock) && cluster.Server.Count("list", "ingresses") == 2, "the second page is asked for, and waits");
        cluster.Server.Delete("Ingress", "default", "i000");
        cluster.Server.Delete("Ingress", "default", "i509");
        cluster.Server.Apply(ReadCluster.Ingress("new"));
        cluster.Server.CompactHistory();
        cluster.Server.Delay(TimeSpan.Zero);
        await cluster.BecomesAsync(() => Step(serverClock) && cluster.IsSynced, "synced");
        Assert.Equal(4, cluster.Server.Count("list", "ingresses"));
        Assert.Equal(509, cluster.Snapshot.Ingresses.Count);
        Assert.True(cluster.Snapshot.Ingresses.ContainsKey(new("default", "new")));
        var told = cluster.Told.Where(change => change.Key.Kind == ResourceKind.Ingress).ToList();
        Assert.Equal(told.Count, told.Select(change => change.Key).Distinct().Count());
    }

    [Fact]
    public async Task A_history_that_goes_back_within_a_stream_leads_to_a_list()
    {
        await using var cluster = await StartAsync();
        var restore = cluster.Server.Backup();
        cluster.Server.Apply(ReadCluster.Ingress("b"));
        cluster.Server.Apply(ReadCluster.Ingress("x"));
        await cluster.HasIngressesAsync("default/a", "default/b", "default/x");
        restore();
        cluster.Server.Apply(ReadCluster.Ingress("c"));
        await WatchingAgainAsync(cluster);
        cluster.Server.SendBookmarks();
        await cluster.HasIngressesAsync("default/a", "default/c");
    }

    [Fact]
    public async Task A_history_that_went_back_unseen_is_found_by_its_silence()
    {
        await using var cluster = await StartAsync();
        var restore = cluster.Server.Backup();
        cluster.Server.Apply(ReadCluster.Ingress("b"));
        cluster.Server.Apply(ReadCluster.Ingress("x"));
        await cluster.HasIngressesAsync("default/a", "default/b", "default/x");
        restore();
        cluster.Server.Apply(ReadCluster.Ingress("c"));
        await WatchingAgainAsync(cluster);
        await PassAsync(TimeSpan.FromMinutes(2));
        await cluster.HasIngressesAsync("default/a", "default/c");
    }

    [Fact]
    public async Task A_server_that_was_away_for_an_hour_is_listed_and_what_was_known_stays_until_then()
    {
        await using var cluster = await StartAsync();
        await cluster.Server.StopListeningAsync();
        cluster.Server.Delete("Ingress", "default", "a");
        cluster.Server.Apply(ReadCluster.Ingress("b"));
        cluster.Server.CompactHistory();
        var told = cluster.Told.Count;
        for (var minute = 0; minute < 60; minute++)
        {
            await PassAsync(TimeSpan.FromMinutes(1));
        }

        Assert.Equal((1, told), (cluster.Snapshot.Ingresses.Count, cluster.Told.Count));
        Assert.Equal(ProblemCode.ApiUnreachable, Assert.Single(cluster.Problems).Code);
        await cluster.Server.StartListeningAsync();
        await cluster.HasIngressesAsync("default/b");
        await cluster.BecomesAsync(() => cluster.Problems.Count == 0, "no problem");
    }

    [Fact]
    public async Task A_list_that_is_older_than_what_is_known_takes_nothing_away()
    {
        await using var cluster = await StartAsync();
        var thaw = cluster.Server.FreezeLists();
        cluster.Server.Apply(ReadCluster.Ingress("b"));
        await cluster.HasIngressesAsync("default/a", "default/b");
        cluster.Server.DropStreams();
        cluster.Server.CompactHistory();
        cluster.Server.Apply(ReadCluster.Ingress("c"));
        cluster.Server.CompactHistory();
        await cluster.BecomesAsync(() => cluster.Server.Count("list", "ingresses") == 3, "the second try");
        thaw();
        await cluster.HasIngressesAsync("default/a", "default/b", "default/c");
        Assert.DoesNotContain(cluster.Told, change => change.Resource is null);
    }

    [Fact]
    public async Task A_token_that_nobody_accepts_for_a_while_is_tried_until_it_is_good_again()
    {
        await using var cluster = await StartAsync();
        cluster.Server.ExpireToken(FakeApiServer.AdminToken);
        cluster.Server.DropStreams();
        await cluster.BecomesAsync(() => cluster.Problems.Any(problem => problem.Message.Contains("does not accept who we are", StringComparison.Ordinal)), "a problem");
        for (var minute = 0; minute < 10; minute++)
        {
            await PassAsync(TimeSpan.FromMinutes(1));
        }

        Assert.Single(cluster.Snapshot.Ingresses);
        cluster.Server.Apply(ReadCluster.Ingress("b"));
        cluster.Server.RenewAdminToken();
        await cluster.HasIngressesAsync("default/a", "default/b");
        await cluster.BecomesAsync(() => cluster.Problems.Count == 0, "no problem");
    }

    private async Task<ReadCluster> StartAsync()
    {
        var cluster = await ReadCluster.StartAsync(server => server.Apply(ReadCluster.Ingress("a")), clock: clock);
        await cluster.WatchingAsync();
        return cluster;
    }

    /// <summary>From positions that are not yet.</summary>
    private static Task WatchingAgainAsync(ReadCluster cluster) =>
        cluster.BecomesAsync(() => cluster.Server.Requests.Count(request => request.Verb == "watch") == 16 && cluster.Server.OpenStreams == 8, "eight new watches");

    /// <summary>Moves time when every reader waits for something.</summary>
    private async Task PassAsync(TimeSpan time)
    {
        await Eventually.TrueAsync(() => clock.Pending >= 8, "all eight wait for an answer, for news or for the next try");
        clock.Advance(time);
    }

    private static bool Step(ManualClock clock)
    {
        clock.Advance(TimeSpan.FromMilliseconds(50));
        return true;
    }
}
