using System.Diagnostics.Metrics;
using System.Threading.Channels;
using IngressController.App;
using IngressController.App.Health;
using IngressController.Cluster;
using IngressController.Routing.Model;
using IngressController.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;

namespace IngressController.Unit.App;

public sealed class ControlLoopTests : IAsyncLifetime, IDisposable
{
    private readonly ManualClock clock = new();
    private readonly Readiness readiness = new();
    private readonly ScriptedSource source = new();
    private readonly LogLines<ControlLoop> log = new();
    private readonly List<RoutingChange> applied = [];
    private readonly ApplicationLifetime application = new(NullLogger<ApplicationLifetime>.Instance);
    private readonly IMeterFactory meters = new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();
    private readonly ProblemLog problems;
    private readonly ControlLoop loop;
    private int failuresToCome;
    private int tries;
    private int portsInUse;

    public ControlLoopTests()
    {
        problems = new(clock, NullLogger<ProblemLog>.Instance);
        var announcer = new Announcer(() => new("http", "", "admin"), source, NullLogger<Announcer>.Instance);
        loop = new(source, new Rollout(new(), Apply, failedTries: () => portsInUse), new(clock), problems, readiness, announcer, new(), application, clock, log, metrics: new(meters, new(), clock));
    }

    public async Task InitializeAsync()
    {
        await loop.StartAsync(CancellationToken.None);
        application.NotifyStarted();
    }

    public async Task DisposeAsync() => await loop.StopAsync(CancellationToken.None).InTime();

    public void Dispose()
    {
        loop.Dispose();
        meters.Dispose();
        problems.Dispose();
    }

    [Fact]
    public async Task Ready_only_after_everything_that_was_there_is_applied()
    {
        await source.SendAsync(isSynced: false, Make.IngressClass());
        await Eventually.TrueAsync(() => tries == 1, "the first update is applied");
        Assert.NotNull(readiness.Obstacle);
        await source.SendAsync(isSynced: true, Make.Ingress("a").WithRule("a.test", "Prefix /"));
        await Eventually.TrueAsync(() => readiness.Obstacle is null, "ready");
        Assert.Equal(2, applied.Count);
    }

    [Fact]
    public async Task A_failure_is_logged_once_and_tried_again_until_it_succeeds()
    {
        failuresToCome = 3;
        await source.SendAsync(isSynced: true, Make.IngressClass(), Make.Ingress("a").WithRule("a.test", "Prefix /"));
        for (var failed = 1; failed <= 3; failed++)
        {
            await Eventually.TrueAsync(() => tries == failed && clock.Pending > 0, $"failure {failed}");
            Assert.NotNull(readiness.Obstacle);
            clock.Advance(TimeSpan.FromSeconds(0.65 * Math.Pow(2, failed - 1))); // past this pause with its quarter, and not past the next
        }

        await Eventually.TrueAsync(() => readiness.Obstacle is null, "ready");
        Assert.Contains(applied[^1].Model.Hosts.Keys, host => host.Text == "a.test");
        Assert.Equal(
            [
                "Error The configuration cannot be applied; the last good one stays in place and everything will be tried again",
                "Information The configuration is applied again after 3 failed tries",
            ],
            log.Lines);
    }

    [Fact]
    public async Task News_that_come_while_it_fails_are_applied_with_the_rest()
    {
        failuresToCome = 1;
        var a = Make.Ingress("a").WithRule("a.test", "Prefix /");
        await source.SendAsync(isSynced: true, Make.IngressClass(), a);
        await Eventually.TrueAsync(() => tries == 1 && clock.Pending > 0, "the failure");
        await source.SendAsync(isSynced: true, Make.Ingress("b").WithRule("b.test", "Prefix /"));
        await source.SendAsync(new ResourceChange(a.Key, null));
        clock.Advance(TimeSpan.FromMinutes(1));
        await Eventually.TrueAsync(() => applied.Count == 1, "one batch");
        Assert.Equal(["b.test"], applied[0].Model.Hosts.Keys.Select(host => host.Text));
    }

    [Fact]
    public async Task News_are_timed_until_they_are_served()
    {
        using var readings = new MeterReadings(meters);
        await source.SendAsync(isSynced: true, Make.IngressClass());
        await Eventually.TrueAsync(() => readiness.Obstacle is null, "ready");
        Assert.DoesNotContain("ingress.event_to_served.duration watch", readings.Now.Keys); // what was there before says nothing

        failuresToCome = 1;
        var came = clock.GetTimestamp();
        clock.Advance(TimeSpan.FromSeconds(2));
        await source.SendAsync(new SourceUpdate(Make.Changes(Make.Ingress("a").WithRule("a.test", "Prefix /")).ToEquatableArray(), [], IsSynced: true) { Came = came });
        await Eventually.TrueAsync(() => tries == 2 && clock.Pending > 0, "the failure");
        await readings.IsAsync("ingress.apply.failures", 1);
        clock.Advance(TimeSpan.FromSeconds(1));

        await readings.IsAsync("ingress.event_to_served.duration watch", 1);
        Assert.InRange(readings.Last("ingress.event_to_served.duration watch"), 2.5, 3); // with the pause after the failure
    }

    [Fact]
    public async Task A_port_that_is_in_use_is_tried_again_without_news_until_it_opens()
    {
        portsInUse = 1;
        await source.SendAsync(isSynced: true, Make.IngressClass());
        await Eventually.TrueAsync(() => tries == 1 && clock.Pending > 0, "the first try");
        clock.Advance(TimeSpan.FromSeconds(0.65));
        await Eventually.TrueAsync(() => tries == 2 && clock.Pending > 0, "the second");
        portsInUse = 0;
        clock.Advance(TimeSpan.FromSeconds(0.65));
        await Eventually.TrueAsync(() => tries == 3 && clock.Pending > 0, "the third, at which it opens");
        clock.Advance(TimeSpan.FromSeconds(59)); // past any pause, and not yet so long that certificates are looked at
        await source.SendAsync(isSynced: true, Make.Ingress("a").WithRule("a.test", "Prefix /"));
        await Eventually.TrueAsync(() => applied[^1].Hosts.Count == 1, "the news");
        Assert.Equal(4, applied.Count); // none between
    }

    private void Apply(RoutingChange change)
    {
        var fails = failuresToCome-- > 0;
        if (!fails)
        {
            applied.Add(change);
        }

        tries++;
        if (fails)
        {
            throw new InvalidOperationException("broken");
        }
    }

    /// <summary>Says what the test says.</summary>
    private sealed class ScriptedSource : IClusterSource
    {
        private readonly TaskCompletionSource<ChannelWriter<SourceUpdate>> started = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string Description => "a script";

        public Task RunAsync(ChannelWriter<SourceUpdate> updates, CancellationToken cancellationToken)
        {
            started.TrySetResult(updates);
            return Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        }

        public Task SendAsync(bool isSynced, params IEnumerable<Cluster.Resources.IResource> resources) =>
            SendAsync(new SourceUpdate(Make.Changes(resources).ToEquatableArray(), [], isSynced));

        public Task SendAsync(ResourceChange change) => SendAsync(new SourceUpdate([change], [], IsSynced: true));

        public async Task SendAsync(SourceUpdate update) => await (await started.Task.InTime()).WriteAsync(update);
    }
}
