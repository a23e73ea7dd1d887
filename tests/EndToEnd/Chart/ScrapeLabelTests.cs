using System.Text.Json.Nodes;
using IngressController.EndToEnd.Metrics;
using IngressController.Testing;

namespace IngressController.EndToEnd.Chart;

/// <summary>A target's labels come before the program's own; the operator of Prometheus gives a target more of them than the dashboard and the alerts count on.</summary>
public sealed class ScrapeLabelTests
{
    [Theory]
    [InlineData("ServiceMonitor", "endpoints", "namespace: ingress, pod: edge-1, container: controller, endpoint: admin, service: edge-ingress-controller-metrics")]
    [InlineData("PodMonitor", "podMetricsEndpoints", "namespace: ingress, pod: edge-1, container: controller, endpoint: admin")]
    public async Task A_Service_keeps_its_label_and_a_namespace_becomes_an_exported_one(string kind, string endpoints, string labels)
    {
        var monitor = (await Helm.TemplateAsync(
            "--set", "metrics.serviceMonitor.enabled=true", "--set", "metrics.podMonitor.enabled=true", "--api-versions", "monitoring.coreos.com/v1")).One(kind);
        var relabelings = Assert.Single(monitor["spec"]![endpoints]!.AsArray())!["relabelings"] ?? new JsonArray();
        await using var world = await MeasuredWorld.StartAsync();
        await using var prometheus = await PrometheusProcess.StartAsync(world.Controller.Admin.BaseAddress!, labels, relabelings.ToJsonString());
        await prometheus.FindsAsync("""ingress_backend_destinations{state="ready", namespace="ingress", exported_namespace="default", service=~"web:.+"} == 1""");
    }
}
