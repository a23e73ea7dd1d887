using System.Text.Json.Nodes;

namespace IngressController.EndToEnd.Chart;

/// <summary>The Services by which clients come in.</summary>
public sealed class ServiceTests
{
    private const string Everything = "tests/EndToEnd/Chart/values/everything.yaml";

    [Fact]
    public async Task By_default_a_load_balancer_leads_ports_80_and_443_to_the_pods_and_keeps_the_clients_address()
    {
        var rendering = await Helm.TemplateAsync();
        AssertSpec(
            """
            {"type": "LoadBalancer", "externalTrafficPolicy": "Local", "sessionAffinity": "None",
             "selector": {"app.kubernetes.io/name": "ingress-controller", "app.kubernetes.io/instance": "edge"},
             "ports": [{"name": "http", "port": 80, "targetPort": "http", "protocol": "TCP"}, {"name": "https", "port": 443, "targetPort": "https", "protocol": "TCP"}]}
            """,
            rendering.One("Service"));
    }

    [Theory]
    [InlineData("edge")]
    [InlineData("edge-internal")]
    public async Task Every_field_arrives_in_both_services(string name)
    {
        var rendering = await Helm.TemplateAsync("--values", Everything);
        var service = rendering.One("Service", name);
        Assert.Equal("""{"cloud":"yes"}""", service["metadata"]!["annotations"]!.ToJsonString());
        Assert.Equal("public", (string?)service["metadata"]!["labels"]!["face"]);
        AssertSpec(
            """
            {"type": "LoadBalancer", "externalTrafficPolicy": "Local", "loadBalancerClass": "example.com/fast", "loadBalancerIP": "192.0.2.1",
             "loadBalancerSourceRanges": ["198.51.100.0/24"], "allocateLoadBalancerNodePorts": false, "healthCheckNodePort": 32000,
             "externalIPs": ["192.0.2.2"], "ipFamilies": ["IPv6", "IPv4"], "ipFamilyPolicy": "PreferDualStack",
             "sessionAffinity": "ClientIP", "sessionAffinityConfig": {"clientIP": {"timeoutSeconds": 60}}, "trafficDistribution": "PreferClose",
             "selector": {"app.kubernetes.io/name": "ingress-controller", "app.kubernetes.io/instance": "edge"},
             "ports": [{"name": "http", "port": 80, "targetPort": "http", "protocol": "TCP", "nodePort": 30080, "appProtocol": "http"},
                       {"name": "https", "port": 443, "targetPort": "http", "protocol": "TCP", "nodePort": 30443}]}
            """,
            service);
    }

    [Theory]
    [InlineData("1.30.0", "PreferSameNode", null)]
    [InlineData("1.31.0", "PreferClose", "PreferClose")]
    [InlineData("1.33.0", "PreferSameNode", "PreferClose")]
    [InlineData("1.34.0", "PreferSameNode", "PreferSameNode")]
    public async Task Traffic_distribution_is_what_the_cluster_knows(string version, string wish, string? expected)
    {
        var rendering = await Helm.TemplateAsync("--kube-version", version, "--set", $"service.trafficDistribution={wish}");
        Assert.Equal(expected, (string?)rendering.One("Service")["spec"]!["trafficDistribution"]);
    }

    [Fact]
    public async Task A_cluster_ip_has_nothing_of_the_others()
    {
        var rendering = await Helm.TemplateAsync("--values", Everything, "--set", "service.type=ClusterIP,service.externalIPs=null");
        var spec = rendering.One("Service", "edge")["spec"]!.AsObject();
        string[] foreign = ["externalTrafficPolicy", "loadBalancerClass", "loadBalancerIP", "loadBalancerSourceRanges", "allocateLoadBalancerNodePorts", "healthCheckNodePort"];
        Assert.Empty(spec.Select(field => field.Key).Intersect(foreign));
        Assert.All(spec["ports"]!.AsArray(), port => Assert.Null(port!["nodePort"]));
    }

    [Fact]
    public async Task A_node_port_has_its_ports_and_nothing_of_a_load_balancer()
    {
        var rendering = await Helm.TemplateAsync("--values", Everything, "--set", "service.type=NodePort");
        var spec = rendering.One("Service", "edge")["spec"]!.AsObject();
        Assert.Equal("Local", (string?)spec["externalTrafficPolicy"]);
        Assert.DoesNotContain(spec, field => field.Key.Contains("oadBalancer", StringComparison.Ordinal) || field.Key == "healthCheckNodePort");
        Assert.Equal([30080, 30443], spec["ports"]!.AsArray().Select(port => (int)port!["nodePort"]!));
    }

    [Fact]
    public async Task The_health_check_port_is_left_out_where_all_nodes_answer()
    {
        var rendering = await Helm.TemplateAsync("--set", "service.externalTrafficPolicy=Cluster,service.healthCheckNodePort=32000");
        Assert.Null(rendering.One("Service")["spec"]!["healthCheckNodePort"]);
    }

    [Fact]
    public async Task The_admin_port_is_on_no_service_that_clients_reach()
    {
        var rendering = await Helm.TemplateAsync("--values", Everything, "--api-versions", "monitoring.coreos.com/v1");
        Assert.Equal(["edge-metrics"], rendering.All("Service")
            .Where(service => service["spec"]!["ports"]!.AsArray().Any(port => (string?)port!["targetPort"] == "admin"))
            .Select(service => (string?)service["metadata"]!["name"]));
        Assert.Equal("ClusterIP", (string?)rendering.One("Service", "edge-metrics")["spec"]!["type"]);
    }

    private static void AssertSpec(string expected, JsonObject service) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), service["spec"]), service["spec"]!.ToJsonString());
}
