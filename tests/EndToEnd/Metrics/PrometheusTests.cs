using IngressController.Testing;

namespace IngressController.EndToEnd.Metrics;

/// <summary>A real Prometheus scrapes the real program.</summary>
public sealed class PrometheusTests
{
    [Fact]
    public async Task It_knows_what_the_program_knows()
    {
        await using var world = await MeasuredWorld.StartAsync();
        await world.TrafficAsync();
        await using var prometheus = await PrometheusProcess.StartAsync(world.Controller.Admin.BaseAddress!, "namespace: edge, pod: edge-1");
        var requests = Assert.Single(await prometheus.FindsAsync($$"""sum by (exported_namespace, ingress) (ingress_requests_total{ingress="shop"}) == {{MeasuredWorld.Answered + 1}}"""));
        Assert.Equal("""{"exported_namespace":"default","ingress":"shop"}""", requests!["metric"]!.ToJsonString());
        await prometheus.FindsAsync("""up{job="ingress-controller"} == 1""");
        await prometheus.FindsAsync($$"""target_info{service_name="ingress-controller", service_instance_id="{{MeasuredWorld.Instance}}"}""");
        await prometheus.FindsAsync("process_resident_memory_bytes > 1e6");
        await prometheus.FindsAsync("""histogram_quantile(0.5, sum by (le) (ingress_request_duration_seconds_bucket{status="2xx"})) > 0""");
        var metadata = await prometheus.MetadataAsync();
        Assert.Equal("counter", (string?)metadata["ingress_requests"]?[0]!["type"] ?? (string?)metadata["ingress_requests_total"]?[0]!["type"]);
        Assert.Equal("histogram", (string?)metadata["ingress_request_duration_seconds"]![0]!["type"]);
    }

    [Fact]
    public async Task Rates_follow_the_traffic()
    {
        await using var world = await MeasuredWorld.StartAsync();
        await using var prometheus = await PrometheusProcess.StartAsync(world.Controller.Admin.BaseAddress!, "namespace: edge, pod: edge-1");
        using var end = new CancellationTokenSource();
        var traffic = world.TrafficAsync(end.Token);
        await prometheus.FindsAsync("""sum by (ingress) (rate(ingress_requests_total{ingress="shop"}[1m])) > 0""");
        await prometheus.FindsAsync("""histogram_quantile(0.99, sum by (le) (rate(ingress_upstream_duration_seconds_bucket{ingress="shop"}[1m]))) > 0""");
        await end.CancelAsync();
        await traffic;
    }
}
