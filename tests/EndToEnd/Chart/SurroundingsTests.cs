using System.Text.Json.Nodes;

namespace IngressController.EndToEnd.Chart;

/// <summary>The class, the network policy and the monitors.</summary>
public sealed class SurroundingsTests
{
    private const string Everything = "tests/EndToEnd/Chart/values/everything.yaml";

    [Fact]
    public async Task The_class_is_ours_and_not_the_default()
    {
        var item = (await Helm.TemplateAsync()).One("IngressClass");
        Assert.Equal("yarp", (string?)item["metadata"]!["name"]);
        Assert.Null(item["metadata"]!["annotations"]);
        Assert.Equal("""{"controller":"yarp.ingress.kubernetes.io/controller"}""", item["spec"]!.ToJsonString());
    }

    [Fact]
    public async Task The_class_can_be_the_default()
    {
        var item = (await Helm.TemplateAsync("--values", Everything)).One("IngressClass");
        Assert.Equal("""{"ingressclass.kubernetes.io/is-default-class":"true","g":"h"}""", item["metadata"]!["annotations"]!.ToJsonString());
    }

    [Fact]
    public async Task A_network_policy_opens_the_public_ports_to_all_and_the_admin_port_to_nobody()
    {
        var spec = (await Helm.TemplateAsync("--set", "networkPolicy.enabled=true")).One("NetworkPolicy")["spec"]!;
        Assert.Equal("""[{"ports":[{"port":"http","protocol":"TCP"},{"port":"https","protocol":"TCP"}]}]""", spec["ingress"]!.ToJsonString());
        Assert.Equal("""["Ingress"]""", spec["policyTypes"]!.ToJsonString());
    }

    [Fact]
    public async Task A_network_policy_can_be_narrowed()
    {
        var spec = (await Helm.TemplateAsync("--values", Everything)).One("NetworkPolicy")["spec"]!;
        Assert.Equal(["http", "admin"], spec["ingress"]!.AsArray().Select(rule => (string?)rule!["ports"]![0]!["port"]));
        Assert.All(spec["ingress"]!.AsArray(), rule => Assert.NotEmpty(rule!["from"]!.AsArray()));
        Assert.Equal("""["Ingress","Egress"]""", spec["policyTypes"]!.ToJsonString());
    }

    [Fact]
    public async Task Monitors_are_left_out_where_nobody_reads_them()
    {
        var rendering = await Helm.TemplateAsync("--values", Everything);
        Assert.Empty(rendering.All("ServiceMonitor").Concat(rendering.All("PodMonitor")));
        Assert.DoesNotContain(rendering.All("Service"), service => (string?)service["metadata"]!["name"] == "edge-metrics");
    }

    [Fact]
    public async Task A_service_monitor_selects_the_service_of_the_admin_port()
    {
        var rendering = await Helm.TemplateAsync("--values", Everything, "--api-versions", "monitoring.coreos.com/v1");
        var selector = rendering.One("ServiceMonitor")["spec"]!["selector"]!["matchLabels"]!.AsObject();
        bool IsSelected(JsonObject service) => selector.All(label => JsonNode.DeepEquals(service["metadata"]!["labels"]![label.Key], label.Value));
        Assert.Equal(["edge-metrics"], rendering.All("Service").Where(IsSelected).Select(service => (string?)service["metadata"]!["name"]));
        Assert.All([rendering.One("ServiceMonitor")["spec"]!["endpoints"]![0]!, rendering.One("PodMonitor")["spec"]!["podMetricsEndpoints"]![0]!], endpoint =>
        {
            Assert.Equal("admin /metrics 30s 10s", $"{endpoint["port"]} {endpoint["path"]} {endpoint["interval"]} {endpoint["scrapeTimeout"]}");
            Assert.Equal("drop", (string?)endpoint["metricRelabelings"]![0]!["action"]);
        });
        Assert.Equal("prometheus", (string?)rendering.One("ServiceMonitor")["metadata"]!["labels"]!["release"]);
    }
}
