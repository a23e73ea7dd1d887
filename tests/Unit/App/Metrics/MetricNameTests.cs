using IngressController.App.Metrics.Text;

namespace IngressController.Unit.App.Metrics;

public sealed class MetricNameTests
{
    [Theory]
    [InlineData("ingress.requests", "{request}", "ingress_requests", "")]
    [InlineData("ingress.request.io", "By", "ingress_request_io_bytes", "bytes")]
    [InlineData("process.cpu.time", "s", "process_cpu_time_seconds", "seconds")]
    [InlineData("things.total", "", "things", "")]
    [InlineData("sent.bytes", "By", "sent_bytes", "bytes")]
    [InlineData("megabytes", "By", "megabytes_bytes", "bytes")]
    [InlineData("copied", "By/s", "copied_bytes_per_second", "bytes_per_second")]
    [InlineData("read", "{request}/s", "read_per_second", "per_second")]
    [InlineData("share", "1", "share", "")] // only gauges are ratios
    [InlineData("odd", "m2 K", "odd_m2_K", "m2_K")]
    [InlineData("3d..views--x", "", "_3d_views_x", "")]
    [InlineData("größe", "", "gr_e", "")]
    [InlineData("a:b", "", "a:b", "")]
    public void Counters_are_called_as_the_specification_says(string name, string unit, string family, string word) =>
        Assert.Equal(new(family, word), MetricName.Of(name, unit, isCounter: true, isGauge: false));

    [Theory]
    [InlineData("share", "1", "share_ratio", "ratio")]
    [InlineData("used.ratio", "1", "used_ratio", "ratio")]
    [InlineData("things.total", "", "things_total", "")] // OpenTelemetry takes it from counters only
    [InlineData("waited", "ms", "waited_milliseconds", "milliseconds")]
    public void Gauges_too(string name, string unit, string family, string word) =>
        Assert.Equal(new(family, word), MetricName.Of(name, unit, isCounter: false, isGauge: true));

    [Theory]
    [InlineData("network.io.direction", "network_io_direction")]
    [InlineData("1st", "_1st")]
    [InlineData("a:b", "a_b")]
    [InlineData("le", "exported_le")]
    [InlineData("job", "exported_job")]
    [InlineData("__name__", "_name_")] // two underscores in front are Prometheus' own
    [InlineData("", "unnamed")]
    [InlineData("..", "unnamed")]
    public void Labels_have_names_that_Prometheus_takes(string name, string label) => Assert.Equal(label, MetricName.OfLabel(name));
}
