using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using IngressController.Kubernetes;
using IngressController.Kubernetes.Api;
using IngressController.Kubernetes.Leadership;
using IngressController.Testing;
using Microsoft.Extensions.DependencyInjection;

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
    public async Task The_lease_is_given_up_although_the_answer_to_a_renewal_that_came_through_was_not_waited_for()
    {
        await using var a = Start("a", TimeSpan.FromMinutes(1));
        await Eventually.TrueAsync(() => a.Leads, "a leads");
        string? Version() => (string?)cluster.Server.Find("Lease", "ingress", "leader")?["metadata"]?["resourceVersion"];
        var resume = cluster.Server.StallAnswers();
        var before = Version();
        await Eventually.TrueAsync(() => Version() != before, "a renewal has come through");
        var asked = cluster.Server.Count("update", "leases");
        var stopping = a.StopAsync();
        await Eventually.TrueAsync(() => cluster.Server.Count("update", "leases") > asked, "the lease is being given up");
        resume();
        await stopping;
        Assert.Equal("", Holder());
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

    [Theory]
    [InlineData("")]
    [InlineData("spec: {}")]
    [InlineData("spec: null")]
    [InlineData("spec: {holderIdentity: null, leaseDurationSeconds: null, acquireTime: null, renewTime: null, leaseTransitions: null}")]
    [InlineData("spec: {holderIdentity: '', leaseTransitions: 2147483647}")]
    public async Task A_lease_that_says_nothing_is_taken(string spec)
    {
        cluster.Server.Apply($"apiVersion: coordination.k8s.io/v1\nkind: Lease\nmetadata: {{name: leader, namespace: ingress}}\n{spec}");
        await using var a = Start("a", TimeSpan.FromMinutes(1));
        await Eventually.TrueAsync(() => a.Leads, "a leads");
        Assert.Equal("a", Holder());
        Assert.DoesNotContain(log.Lines, line => line.Contains("cannot", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("2001-01-01T00:00:00.000000Z")]
    [InlineData("2999-01-01T00:00:00.000000Z")]
    public async Task The_lease_of_a_dead_leader_runs_out_when_its_duration_has_passed_here_whatever_its_clock_said(string stamp)
    {
        cluster.Server.Apply($$"""
            apiVersion: coordination.k8s.io/v1
            kind: Lease
            metadata: {name: leader, namespace: ingress}
            spec: {holderIdentity: dead, leaseDurationSeconds: 1, acquireTime: "{{stamp}}", renewTime: "{{stamp}}"}
            """);
        var started = TimeProvider.System.GetTimestamp();
        await using var a = Start("a", TimeSpan.FromMinutes(1));
        await Eventually.TrueAsync(() => a.Leads, "a leads");
        Assert.True(TimeProvider.System.GetElapsedTime(started) >= TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Two_never_lead_at_once_although_one_does_not_hear_that_it_has_lost()
    {
        using var partitioned = cluster.Connect("token-of-a");
        await using var a = Start("a", TimeSpan.FromSeconds(2), partitioned);
        await Eventually.TrueAsync(() => a.Leads, "a leads");
        await using var b = Start("b", TimeSpan.FromSeconds(2));
        cluster.Server.ExpireToken("token-of-a"); // whatever a asks now, it learns nothing
        await Eventually.TrueAsync(() => b.Leads, "b leads");
        Assert.False(a.Leads);
        cluster.Server.AddToken("token-of-a", "system:serviceaccount:ingress:writer");
        var looked = cluster.Server.Count("get", "leases");
        await Eventually.TrueAsync(() => cluster.Server.Count("get", "leases") > looked + 3, "a has looked again");
        Assert.Equal((true, "b", 1), (b.Leads, Holder(), Replica.MostAtOnce([a, b])));
    }

    [Fact]
    public async Task Who_leads_is_told()
    {
        using var provider = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var meters = provider.GetRequiredService<IMeterFactory>();
        var metrics = new KubernetesMetrics(meters);
        using var readings = new MeterReadings(meters);
        Assert.DoesNotContain("ingress.leader", readings.Now.Keys); // no candidate yet

        await using var a = Start("a", TimeSpan.FromMinutes(1));
        await Eventually.TrueAsync(() => a.Leads, "a leads");
        await using var b = Start("b", TimeSpan.FromMinutes(1), metrics: metrics);
        await Eventually.TrueAsync(() => readings.Now.TryGetValue("ingress.leader", out var leads) && leads == 0, "b stands by");
        await a.StopAsync();
        await readings.IsAsync("ingress.leader", 1);
        await b.StopAsync();
        await readings.IsAsync("ingress.leader", 0);
    }

    private string? Holder() => (string?)cluster.Server.Find("Lease", "ingress", "leader")?["spec"]?["holderIdentity"];

    private Replica Start(string identity, TimeSpan duration, ApiClient? client = null, KubernetesMetrics? metrics = null) => new(new(
        client ?? cluster.Client,
        new(new("ingress", "leader"), identity) { Duration = duration, RenewDeadline = duration / 2, RetryPeriod = TimeSpan.FromMilliseconds(20) },
        TimeProvider.System,
        log,
        metrics));

    private sealed class Replica : IAsyncDisposable
    {
        private readonly CancellationTokenSource stop = new();
        private readonly Task running;
        private readonly ConcurrentQueue<(long At, int Change)> history = [];
        private volatile bool leads;
        private volatile int terms;

        public Replica(LeaderElection election) => running = election.RunAsync(LeadAsync, stop.Token);

        public bool Leads => leads;

        public int Terms => terms;

        public static int MostAtOnce(IEnumerable<Replica> replicas)
        {
            var (now, most) = (0, 0);
            foreach (var (_, change) in replicas.SelectMany(replica => replica.history).OrderBy(moment => moment.At))
            {
                now += change;
                most = Math.Max(most, now);
            }

            return most;
        }

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
            history.Enqueue((TimeProvider.System.GetTimestamp(), 1));
            leads = true;
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, term);
            }
            finally
            {
                leads = false;
                history.Enqueue((TimeProvider.System.GetTimestamp(), -1));
            }
        }
    }
}
