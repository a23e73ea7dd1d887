using System.Diagnostics;
using System.Globalization;
using IngressController.App.Metrics.Text;

namespace IngressController.Unit.App.Metrics;

public sealed class MetricPullTests
{
    [Fact]
    public async Task Counters_go_on_from_scrape_to_scrape()
    {
        using var measured = new Measured();
        var requests = measured.Meter.CreateCounter<long>("test.requests", "{request}", "What came \\ in\nall");
        requests.Add(2, Measured.Tag("status", "2xx"));
        Assert.Equal(
            ["# HELP test_requests_total What came \\\\ in\\nall", "# TYPE test_requests_total counter", "test_requests_total{status=\"2xx\"} 2"], await measured.LinesAsync());
        Assert.Equal(["test_requests_total{status=\"2xx\"} 2"], await measured.SamplesAsync());
        requests.Add(3, Measured.Tag("status", "2xx"));
        requests.Add(1, Measured.Tag("status", "5xx"));
        Assert.Equal(["test_requests_total{status=\"2xx\"} 5", "test_requests_total{status=\"5xx\"} 1"], await measured.SamplesAsync());
    }

    [Fact]
    public async Task A_histogram_has_its_buckets_its_sum_and_its_number()
    {
        using var measured = new Measured();
        var duration = measured.Meter.CreateHistogram<double>("test.duration", "s", "How long");
        duration.Record(0.005, Measured.Tag("a", "b"));
        duration.Record(0.3, Measured.Tag("a", "b"));
        await measured.SamplesAsync();
        duration.Record(99, Measured.Tag("a", "b"));
        var lines = await measured.LinesAsync();
        Assert.Equal(
            [
                "# HELP test_duration_seconds How long", "# TYPE test_duration_seconds histogram",
                .. new[] { "0.005\"} 1", "0.01\"} 1", "0.025\"} 1", "0.05\"} 1", "0.1\"} 1", "0.25\"} 1", "0.5\"} 2", "1\"} 2", "2.5\"} 2", "10\"} 2", "+Inf\"} 3" }
                    .Select(rest => $"test_duration_seconds_bucket{{a=\"b\",le=\"{rest}"),
                "test_duration_seconds_sum{a=\"b\"} 99.305", "test_duration_seconds_count{a=\"b\"} 3",
            ],
            lines);
    }

    [Fact]
    public async Task OpenMetrics_names_families_units_and_the_end()
    {
        using var measured = new Measured();
        measured.Meter.CreateCounter<long>("test.io", "By", "The \"bytes\"").Add(1);
        measured.Meter.CreateHistogram<double>("test.wait", "s").Record(1);
        var lines = await measured.LinesAsync(TextFormat.OpenMetrics);
        Assert.Equal(
            ["# HELP test_io_bytes The \\\"bytes\\\"", "# TYPE test_io_bytes counter", "# UNIT test_io_bytes bytes", "test_io_bytes_total 1", "# HELP test_wait_seconds test_wait_seconds"], lines[..5]);
        Assert.Contains("test_wait_seconds_bucket{le=\"1.0\"} 1", lines);
        Assert.Equal("# EOF", lines[^1]);
        Assert.EndsWith("# EOF\n", await measured.TextAsync(TextFormat.OpenMetrics), StringComparison.Ordinal);
        Assert.DoesNotContain("# EOF", await measured.TextAsync(TextFormat.Prometheus), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Prometheus", "# TYPE target_info gauge")]
    [InlineData("OpenMetrics", "# TYPE target info")]
    public async Task The_program_says_who_it_is(string format, string type)
    {
        using var measured = new Measured();
        var text = await measured.TextAsync(Enum.Parse<TextFormat>(format));
        Assert.Contains($"{type}\ntarget_info{{service_instance_id=\"edge/pod-1\",service_name=\"ingress-controller\",service_version=\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Values_of_labels_are_escaped_and_names_are_sorted_and_joined()
    {
        using var measured = new Measured();
        measured.Meter.CreateCounter<long>("test").Add(
            1, Measured.Tag("z", "a\\b\"c\nd"), Measured.Tag("a.b", 1), Measured.Tag("a_b", true), Measured.Tag("c", null), Measured.Tag("d", ""), Measured.Tag("e", "ü\ud800!"), Measured.Tag("le", 0.5));
        Assert.Equal(["""test_total{a_b="1;true",e="ü�!",exported_le="0.5",z="a\\b\"c\nd"} 1"""], await measured.SamplesAsync());
    }

    [Fact]
    public async Task Labels_that_Prometheus_does_not_tell_apart_are_one_series()
    {
        using var measured = new Measured();
        var counter = measured.Meter.CreateCounter<long>("test");
        counter.Add(1, Measured.Tag("a", ""), Measured.Tag("b", "x"));
        counter.Add(2, Measured.Tag("b", "x"));
        counter.Add(4, Measured.Tag("b", "x"), Measured.Tag("a", null));
        Assert.Equal(["test_total{b=\"x\"} 7"], await measured.SamplesAsync());
    }

    [Fact]
    public async Task What_is_no_number_stands_where_it_was_measured_and_spoils_no_sum()
    {
        using var measured = new Measured();
        var gauge = measured.Meter.CreateGauge<double>("test.gauge");
        foreach (var value in new[] { double.NaN, double.PositiveInfinity, double.NegativeInfinity, 0.1, 1e300, -3 })
        {
            gauge.Record(value, Measured.Tag("v", value));
        }

        var counter = measured.Meter.CreateCounter<double>("test.sum");
        var histogram = measured.Meter.CreateHistogram<double>("test.wait", "s");
        counter.Add(double.NaN);
        histogram.Record(double.NaN);
        await measured.SamplesAsync();
        counter.Add(1.5);
        histogram.Record(2);
        var samples = await measured.SamplesAsync();
        Assert.Equal(["NaN", "+Inf", "-Inf", "0.1", "1E+300", "-3"], samples.Where(line => line.StartsWith("test_gauge", StringComparison.Ordinal)).Select(line => line.Split(' ')[1]));
        Assert.Contains("test_sum_total 1.5", samples);
        Assert.Contains("test_wait_seconds_sum 2", samples);
    }

    [Fact]
    public async Task A_trace_is_shown_with_the_bucket_that_its_request_fell_into()
    {
        using var measured = new Measured(new() { Exemplars = true });
        var duration = measured.Meter.CreateHistogram<double>("test.duration", "s");
        using var activity = new Activity("request").SetIdFormat(ActivityIdFormat.W3C);
        activity.ActivityTraceFlags = ActivityTraceFlags.Recorded;
        activity.Start();
        duration.Record(0.2);
        activity.Stop();
        duration.Record(3);
        var traced = $"test_duration_seconds_bucket{{le=\"0.25\"}} 1 # {{trace_id=\"{activity.TraceId}\",span_id=\"{activity.SpanId}\"}} 0.2 ";
        var line = Assert.Single(await measured.LinesAsync(TextFormat.OpenMetrics), line => line.Contains(" # ", StringComparison.Ordinal));
        Assert.StartsWith(traced, line, StringComparison.Ordinal);
        Assert.True(double.Parse(line[traced.Length..], CultureInfo.InvariantCulture) > 1e9);
        Assert.DoesNotContain(await measured.LinesAsync(), line => line.Contains(activity.TraceId.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Two_names_that_become_one_are_not_both_shown()
    {
        using var measured = new Measured();
        measured.Meter.CreateCounter<long>("test.a").Add(1);
        measured.Meter.CreateObservableGauge("test_a", () => 5);
        Assert.Single(await measured.LinesAsync(), line => line.StartsWith("# TYPE", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Whoever_asks_at_once_is_told_everything_and_nothing_twice()
    {
        using var measured = new Measured();
        var counter = measured.Meter.CreateCounter<long>("test");
        const int each = 2_000;
        var counting = Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < each; i++)
            {
                counter.Add(1);
            }
        }));
        var asking = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            double last = 0;
            for (var i = 0; i < 50; i++)
            {
                var now = (await measured.SamplesAsync()).Select(line => double.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture)).SingleOrDefault();
                Assert.True(now >= last, $"{now} after {last}");
                last = now;
            }
        }));
        await Task.WhenAll([.. counting, .. asking]);
        Assert.Equal([$"test_total {2 * each}"], await measured.SamplesAsync());
    }

    [Fact]
    public void Nothing_is_told_after_the_end()
    {
        var measured = new Measured();
        measured.Dispose();
        Assert.Null(measured.Pull.Read(TextFormat.Prometheus));
        measured.Dispose();
    }
}
