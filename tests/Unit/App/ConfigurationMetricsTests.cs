using System.Diagnostics.Metrics;
using IngressController.App;
using IngressController.App.Metrics;
using IngressController.Certificates;
using IngressController.Cluster;
using IngressController.Cluster.Resources;
using IngressController.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace IngressController.Unit.App;

public sealed class ConfigurationMetricsTests : IDisposable
{
    private readonly ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly ManualClock clock = new();
    private readonly Standing standing = new();
    private readonly MeterReadings readings;
    private readonly Rollout rollout;

    public ConfigurationMetricsTests()
    {
        var meters = services.GetRequiredService<IMeterFactory>();
        readings = new(meters);
        rollout = new(new(), _ => clock.Advance(TimeSpan.FromSeconds(3)), metrics: new ConfigurationMetrics(meters, standing, clock));
    }

    public void Dispose()
    {
        readings.Dispose();
        services.Dispose();
    }

    [Fact]
    public void Nothing_stands_before_the_first_configuration()
    {
        Assert.DoesNotContain("ingress.snapshot.age", readings.Now.Keys);
        Assert.Equal(0, readings.Now["ingress.objects Ingress"]);
    }

    [Fact]
    public void Objects_and_problems_are_counted()
    {
        Apply(Make.IngressClass(), Make.Ingress("a").WithRule("a.test", "Prefix /"), Make.Ingress("b").WithRule("b.test", "Prefix / other:80"));

        var now = readings.Now;
        Assert.Equal((2, 1, 0), (now["ingress.objects Ingress"], now["ingress.objects IngressClass"], now["ingress.objects Secret"]));
        Assert.Equal(2, now["ingress.problems ServiceNotFound error"]);
        Apply(Make.Service("web", "80"), Make.Slice("web", "80", "10.0.0.1"));
        Assert.Equal(1, readings.Now["ingress.problems ServiceNotFound error"]);
        Apply(Make.Service("other", "80"), Make.Slice("other", "80", "10.0.0.1"));
        Assert.DoesNotContain("ingress.problems ServiceNotFound error", readings.Now.Keys);
    }

    [Fact]
    public void The_age_is_that_of_the_last_change()
    {
        Apply(Make.IngressClass());
        clock.Advance(TimeSpan.FromSeconds(10));
        Apply(Make.IngressClass()); // no change, but the application of nothing takes three seconds
        Assert.Equal(13, readings.Now["ingress.snapshot.age"]);
        Apply(Make.Ingress("a"));
        Assert.Equal(0, readings.Now["ingress.snapshot.age"]);
    }

    [Fact]
    public void Applying_is_timed_apart_from_translating()
    {
        Apply(Make.IngressClass());
        Assert.Equal((1, 1), (readings.Now["ingress.translate.duration"], readings.Now["ingress.apply.duration"]));
        Assert.Equal((0, 3), (readings.Last("ingress.translate.duration"), readings.Last("ingress.apply.duration")));
    }

    [Fact]
    public void A_change_of_endpoints_is_timed_from_its_cause()
    {
        const string Reading = "ingress.event_to_served.duration last-change-trigger-time";
        Apply(Slice(1, clock.GetUtcNow().AddSeconds(-1)), Slice(2, DateTimeOffset.MinValue));
        Assert.DoesNotContain(Reading, readings.Now.Keys); // before the start, or unknown

        var happened = clock.GetUtcNow();
        clock.Advance(TimeSpan.FromSeconds(4));
        Apply(Slice(1, happened, "10.0.0.9"));
        Assert.Equal((1, 7), (readings.Now[Reading], readings.Last(Reading)));

        Apply(Slice(1, clock.GetUtcNow(), "10.0.0.9")); // the same again
        Assert.Equal(1, readings.Now[Reading]);

        Apply(Slice(1, clock.GetUtcNow().AddMinutes(1))); // by another machine's clock
        Assert.Equal((2, 0), (readings.Now[Reading], readings.Last(Reading)));
    }

    private static EndpointSlice Slice(int number, DateTimeOffset trigger, string address = "10.0.0.1") =>
        Make.Slice("web", "80", address).Named($"web-{number}") with { Trigger = new(trigger) };

    private void Apply(params IEnumerable<IResource> resources)
    {
        rollout.Apply(Make.Changes(resources));
        standing.Note(rollout.Snapshot, rollout.Translation, new([], rollout.Translation, CertificateProblems.None), clock.GetUtcNow());
    }
}
