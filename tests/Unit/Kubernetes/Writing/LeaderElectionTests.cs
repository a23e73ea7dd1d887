using IngressController.Kubernetes.Leadership;
using IngressController.Testing;

namespace IngressController.Unit.Kubernetes.Writing;

/// <summary>Replicas that compete for a Lease of a real protocol; the times are short, the order of things is what is asked.</summary>
public sealed class LeaderElectionTests : IAsyncLifetime
{
    private readonly LogLines<LeaderElection> log = new();
    private WritingCluster cluster = null!;

    public async Task InitializeAsync() => cluster = await WritingCluster.StartAsync();

    public async Task DisposeAsync() => await cluster.DisposeAsync();

    [Fact]
    public async Task One_leads_and_when_it_stops_the_other_follows_before_the_lease_runs_out()
    {
        await using var a = Start("a", TimeSpan.FromMinutes(1));
        await Eventually.TrueAsync(() => a.Leads, "a leads");
        await using var b = Start("b", TimeSpan.FromMinutes(1));
        await Eventually.TrueAsync(() => cluster.Server.Count("get", "leases") > 5, "b has looked");
        Assert.False(b.Leads);
        await a.StopAsync();
        Assert.False(a.Leads);
        Assert.Equal("", Holder());
        await Eventually.TrueAsync(() => b.Leads, "b leads");
        Assert.Equal("b", Holder());
        Assert.Equal(1, (int?)cluster.Server.Find("Lease", "ingress", "leader")!["spec"]!["leaseTransitions"]);
    }

    [Fact]
    public async Task A_leader_without_an_API_server_stops_writing_and_leads_again_when_it_is_back()
    {
        await using var a = Start("a", TimeSpan.FromSeconds(2));
        await Eventually.TrueAsync(() => a.Leads, "a leads");
        await cluster.Server.StopListeningAsync();
        await Eventually.TrueAsync(() => !a.Leads, "the term ends");
        Assert.Contains(log.Lines, line => line.Contains("cannot be read or written", StringComparison.Ordinal));
        await cluster.Server.StartListeningAsync();
        await Eventually.TrueAsync(() => a.Leads, "a leads again");
        Assert.Equal(2, a.Terms);
    }

    [Fact]
    public async Task Whoever_sees_that_another_holds_the_lease_stops_at_once()
    {
        await using var a = Start("a", TimeSpan.FromMinutes(1));
        await Eventually.TrueAsync(() => a.Leads, "a leads");
        cluster.Server.Apply("""
            apiVersion: coordination.k8s.io/v1
            kind: Lease
            metadata: {name: leader, namespace: ingress}
            spec: {holderIdentity: thief, leaseDurationSeconds: 60, leaseTransitions: 5}
            """);
        await Eventually.TrueAsync(() => !a.Leads, "a has stopped long before its deadline");
        Assert.Equal("thief", Holder());
    }

    [Fact]
    public async Task A_lease_that_somebody_deletes_is_made_anew()
    {
        await using var a = Start("a", TimeSpan.FromMinutes(1));
        await Eventually.TrueAsync(() => a.Leads, "a leads");
        cluster.Server.Delete("Lease", "ingress", "leader");
        await Eventually.TrueAsync(() => cluster.Server.Find("Lease", "ingress", "leader") is not null, "the lease is back");
        await Eventually.TrueAsync(() => a.Leads, "a leads");
        Assert.Equal("a", Holder());
    }

    private string? Holder() => (string?)cluster.Server.Find("Lease", "ingress", "leader")?["spec"]?["holderIdentity"];

    private Replica Start(string identity, TimeSpan duration) => new(new(
        cluster.Client,
        new(new("ingress", "leader"), identity) { Duration = duration, RenewDeadline = duration / 2, RetryPeriod = TimeSpan.FromMilliseconds(20) },
        TimeProvider.System,
        log));

    private sealed class Replica : IAsyncDisposable
    {
        private readonly CancellationTokenSource stop = new();
        private readonly Task running;
        private volatile bool leads;
        private volatile int terms;

        public Replica(LeaderElection election) => running = election.RunAsync(LeadAsync, stop.Token);

        public bool Leads => leads;

        public int Terms => terms;

        public async Task StopAsync()
        {
            await stop.CancelAsync();
            await running.InTime();
        }

        public async ValueTask DisposeAsync()
        {
            await StopAsync();
            stop.Dispose();
        }

        private async Task LeadAsync(CancellationToken term)
        {
            Interlocked.Increment(ref terms);
            leads = true;
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, term);
            }
            finally
            {
                leads = false;
            }
        }
    }
}
