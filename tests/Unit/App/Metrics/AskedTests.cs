using IngressController.App.Metrics.Text;
using Microsoft.AspNetCore.Http;

namespace IngressController.Unit.App.Metrics;

public sealed class AskedTests
{
    [Theory]
    [InlineData("", "Prometheus")]
    [InlineData("*/*", "Prometheus")]
    [InlineData("application/json", "Prometheus")]
    [InlineData("text/plain", "Prometheus")]
    [InlineData("application/openmetrics-text", "OpenMetrics")]
    [InlineData("application/openmetrics-text; version=1.0.0; charset=utf-8", "OpenMetrics")]
    [InlineData("application/openmetrics-text; version=\"1.0.0\"", "OpenMetrics")]
    [InlineData("application/openmetrics-text; version=2.0.0", "Prometheus")]
    [InlineData("application/openmetrics-text; q=0, text/plain; q=0.1", "Prometheus")]
    [InlineData("application/openmetrics-text; q=0.3, text/plain; version=0.0.4; q=0.5", "Prometheus")]
    [InlineData("application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1", "OpenMetrics")] // Prometheus 2
    [InlineData("application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,text/plain;version=0.0.4;q=0.2,*/*;q=0.1", "OpenMetrics")] // Prometheus 3
    [InlineData("application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.8,text/plain;version=0.0.4;q=0.5", "Prometheus")]
    [InlineData("no type at all;;;", "Prometheus")]
    public void OpenMetrics_is_written_to_who_likes_it_best(string accept, string expected) =>
        Assert.Equal(expected, Asked.Format(Headers("Accept", accept)).ToString());

    [Theory]
    [InlineData("", false)]
    [InlineData("gzip", true)]
    [InlineData("GZIP", true)]
    [InlineData("deflate, gzip;q=0.5", true)]
    [InlineData("gzip;q=0", false)]
    [InlineData("*", true)]
    [InlineData("*, gzip;q=0", false)]
    [InlineData("identity", false)]
    public void Gzip_is_for_who_asks(string accept, bool expected) => Assert.Equal(expected, Asked.Gzip(Headers("Accept-Encoding", accept)));

    private static Microsoft.AspNetCore.Http.Headers.RequestHeaders Headers(string name, string value) => new(new HeaderDictionary { [name] = value });
}
