using System.Diagnostics.Metrics;
using IngressController.App.Metrics;

namespace IngressController.Unit.App.Metrics;

/// <summary>Which series there are, and for how long.</summary>
public sealed class SeriesLifeTests
{
    private static readonly MetricsOptions Two = new() { HistogramSeries = 2 };

    [Fact]
    public async Task An_object_that_is_idle_is_forgotten_and_begins_anew()
    {
        using var measured = new Measured();
        var requests = measured.Meter.CreateCounter<long>("test");
        requests.Add(5, Measured.Tag("ingress", "old"));
        requests.Add(7, Measured.Tag("ingress", "busy"));
        await measured.SamplesAsync();
        measured.Clock.Advance(TimeSpan.FromMinutes(10));
        requests.Add(1, Measured.Tag("ingress", "busy"));
        Assert.Equal(["test_total{ingress=\"busy\"} 8", "test_total{ingress=\"old\"} 5"], (await measured.SamplesAsync()).Order());
        measured.Clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(["test_total{ingress=\"busy\"} 8"], await measured.SamplesAsync());
        requests.Add(1, Measured.Tag("ingress", "old"));
        Assert.Equal(["test_total{ingress=\"busy\"} 8", "test_total{ingress=\"old\"} 1"], (await measured.SamplesAsync()).Order());
    }

    [Fact]
    public async Task What_is_about_no_object_stays_so_that_the_next_event_is_an_increase()
    {
        using var measured = new Measured();
        measured.Meter.CreateCounter<long>("test.restarts").Add(1, Measured.Tag("kind", "Ingress"));
        measured.Meter.CreateGauge<long>("test.leader").Record(1);
        await measured.SamplesAsync();
        measured.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(["test_leader 1", "test_restarts_total{kind=\"Ingress\"} 1"], await measured.SamplesAsync());
    }

    [Fact]
    public async Task What_goes_up_and_down_is_shown_while_it_is_up()
    {
        using var measured = new Measured();
        var active = measured.Meter.CreateUpDownCounter<long>("test.active");
        active.Add(1, Measured.Tag("ingress", "long"));
        active.Add(1, Measured.Tag("ingress", "short"));
        active.Add(-1, Measured.Tag("ingress", "short"));
        active.Add(1);
        active.Add(-1);
        Assert.Equal(["test_active 0", "test_active{ingress=\"long\"} 1"], (await measured.SamplesAsync()).Order());
        measured.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(["test_active 0", "test_active{ingress=\"long\"} 1"], (await measured.SamplesAsync()).Order());
        active.Add(-1, Measured.Tag("ingress", "long"));
        Assert.Equal(["test_active 0", "test_active{ingress=\"long\"} 0"], (await measured.SamplesAsync()).Order());
        measured.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(["test_active 0"], await measured.SamplesAsync());
        active.Add(2, Measured.Tag("ingress", "long"));
        Assert.Equal(["test_active 0", "test_active{ingress=\"long\"} 2"], (await measured.SamplesAsync()).Order());
    }

    [Fact]
    public async Task What_is_looked_at_is_gone_when_it_is_not_seen()
    {
        using var measured = new Measured();
        string[] names = ["a", "b"];
        measured.Meter.CreateObservableGauge("test.certificates", () => names.Select(name => new Measurement<int>(1, Measured.Tag("secret", name))));
        Assert.Equal(["test_certificates{secret=\"a\"} 1", "test_certificates{secret=\"b\"} 1"], await measured.SamplesAsync());
        names = ["b"];
        Assert.Equal(["test_certificates{secret=\"b\"} 1"], await measured.SamplesAsync());
        names = [];
        Assert.Empty(await measured.SamplesAsync());
    }

    [Fact]
    public async Task However_many_come_and_go_those_that_are_there_have_a_place()
    {
        using var measured = new Measured();
        var round = 0;
        measured.Meter.CreateObservableGauge("test.active", () => Enumerable.Range(0, 200).Select(pod => new Measurement<int>(pod, Measured.Tag("destination", $"{round}-{pod}"))));
        for (; round < 10; round++)
        {
            Assert.Equal(Enumerable.Range(0, 200).Select(pod => $"test_active{{destination=\"{round}-{pod}\"}} {pod}").Order(), (await measured.SamplesAsync()).Order());
        }
    }

    [Fact]
    public async Task Observed_counters_count_from_the_beginning()
    {
        using var measured = new Measured();
        long seen = 5;
        measured.Meter.CreateObservableCounter("test.cpu", () => seen);
        Assert.Equal(["test_cpu_total 5"], await measured.SamplesAsync());
        Assert.Equal(["test_cpu_total 5"], await measured.SamplesAsync());
        seen = 9;
        Assert.Equal(["test_cpu_total 9"], await measured.SamplesAsync());
    }

    [Fact]
    public async Task Histograms_beyond_the_limit_are_one_and_nothing_is_lost()
    {
        using var measured = new Measured(Two);
        var duration = measured.Meter.CreateHistogram<double>("test.wait", "s");
        for (var i = 0; i < 5; i++)
        {
            duration.Record(1, Measured.Tag("ingress", $"i{i}"), Measured.Tag("status", "2xx"));
            await measured.SamplesAsync(); // one after the other: who comes first has a place
        }

        string[] expected = ["""{ingress="i0",status="2xx"} 1""", """{ingress="i1",status="2xx"} 1""", """{ingress="other",status="2xx"} 3"""];
        Assert.Equal(expected, await CountsAsync(measured));
        duration.Record(1, Measured.Tag("ingress", "i0"), Measured.Tag("status", "2xx"));
        expected[0] = """{ingress="i0",status="2xx"} 2""";
        Assert.Equal(expected, await CountsAsync(measured));
    }

    [Fact]
    public async Task The_place_of_an_idle_one_is_given_to_another()
    {
        using var measured = new Measured(Two);
        var duration = measured.Meter.CreateHistogram<double>("test.wait", "s");
        foreach (var name in new[] { "a", "b", "c" })
        {
            duration.Record(1, Measured.Tag("ingress", name));
            await measured.SamplesAsync();
        }

        measured.Clock.Advance(TimeSpan.FromMinutes(16));
        duration.Record(1, Measured.Tag("ingress", "b"));
        await measured.SamplesAsync();
        duration.Record(1, Measured.Tag("ingress", "c"));
        Assert.Equal(["""{ingress="b"} 2""", """{ingress="c"} 1""", """{ingress="other"} 1"""], await CountsAsync(measured));
    }

    [Fact]
    public async Task Destinations_and_hits_of_limits_have_the_same_limit_and_other_counters_have_none()
    {
        using var measured = new Measured(Two);
        var destinations = measured.Meter.CreateCounter<long>("ingress.destination.requests");
        var hits = measured.Meter.CreateCounter<long>("ingress.limit.hits");
        var requests = measured.Meter.CreateCounter<long>("ingress.requests");
        hits.Add(1, Measured.Tag("limit", "max_connections"));
        for (var i = 0; i < 5; i++)
        {
            hits.Add(1, Measured.Tag("limit", "body_size"), Measured.Tag("ingress", $"i{i}"));
            destinations.Add(1, Measured.Tag("destination", $"10.0.0.{i}:80"), Measured.Tag("outcome", i == 4 ? "failed" : "answered"));
            requests.Add(1, Measured.Tag("ingress", $"i{i}"));
        }

        var samples = await measured.SamplesAsync();
        Assert.Equal(5, samples.Count(line => line.StartsWith("ingress_requests_total", StringComparison.Ordinal)));
        Assert.Equal(4, samples.Count(line => line.StartsWith("ingress_destination_requests_total", StringComparison.Ordinal)));
        string[] limits =
        [
            """{ingress="i0",limit="body_size"} 1""", """{ingress="i1",limit="body_size"} 1""", """{ingress="other",limit="body_size"} 3""", """{limit="max_connections"} 1""",
        ];
        const string hit = "ingress_limit_hits_total";
        Assert.Equal(limits, samples.Where(line => line.StartsWith(hit, StringComparison.Ordinal)).Select(line => line[hit.Length..]).Order(StringComparer.Ordinal));
        Assert.Contains("""ingress_destination_requests_total{destination="other",outcome="failed"} 1""", samples);
        Assert.Contains("""ingress_destination_requests_total{destination="other",outcome="answered"} 2""", samples);
    }

    [Fact]
    public async Task Gauges_beyond_the_limit_are_added_up()
    {
        using var measured = new Measured(Two);
        measured.Meter.CreateObservableGauge("ingress.destination.active_requests", () => Enumerable.Range(1, 5).Select(i => new Measurement<int>(i, Measured.Tag("destination", $"10.0.0.{i}:80"))));
        for (var round = 0; round < 3; round++)
        {
            Assert.Equal(
                ["10.0.0.1:80\"} 1", "10.0.0.2:80\"} 2", "other\"} 12"],
                (await measured.SamplesAsync()).Select(line => line["ingress_destination_active_requests{destination=\"".Length..]).Order(StringComparer.Ordinal));
        }
    }

    private static async Task<IEnumerable<string>> CountsAsync(Measured measured) => (await measured.SamplesAsync())
        .Where(line => line.StartsWith("test_wait_seconds_count", StringComparison.Ordinal)).Select(line => line["test_wait_seconds_count".Length..]).Order(StringComparer.Ordinal);
}
