using System.Text.Json.Nodes;
using IngressController.App.Cli;

namespace IngressController.EndToEnd.Chart;

/// <summary>TCP and UDP services by the values <c>tcp</c> and <c>udp</c>.</summary>
public sealed class StreamTests
{
    private static readonly string[] Values = ["--set-string", "tcp.5432=shop/db:5432:PROXY", "--set-string", "udp.53=dns/dns:dns"];

    [Fact]
    public async Task They_become_ConfigMaps_flags_and_ports()
    {
        var rendering = await Helm.TemplateAsync([.. Values, "--set", "networkPolicy.enabled=true"]);
        Assert.Equal("""{"5432":"shop/db:5432:PROXY"}""", rendering.One("ConfigMap", "edge-ingress-controller-tcp")["data"]!.ToJsonString());
        Assert.Equal("""{"53":"dns/dns:dns"}""", rendering.One("ConfigMap", "edge-ingress-controller-udp")["data"]!.ToJsonString());
        var container = rendering.One("Deployment")["spec"]!["template"]!["spec"]!["containers"]![0]!;
        var args = container["args"]!.AsArray().Select(arg => (string)arg!).ToList();
        Assert.Contains(args, arg => arg.StartsWith($"{Flags.TcpServicesConfigmap.Name}=", StringComparison.Ordinal) && arg.EndsWith("/edge-ingress-controller-tcp", StringComparison.Ordinal));
        Assert.Contains(args, arg => arg.StartsWith($"{Flags.UdpServicesConfigmap.Name}=", StringComparison.Ordinal) && arg.EndsWith("/edge-ingress-controller-udp", StringComparison.Ordinal));
        AssertHas(container["ports"]!, """{"name":"tcp-5432","containerPort":5432,"protocol":"TCP"}""", """{"name":"udp-53","containerPort":53,"protocol":"UDP"}""");
        AssertHas(
            rendering.One("Service")["spec"]!["ports"]!,
            """{"name":"tcp-5432","port":5432,"targetPort":"tcp-5432","protocol":"TCP"}""",
            """{"name":"udp-53","port":53,"targetPort":"udp-53","protocol":"UDP"}""");
        AssertHas(rendering.One("NetworkPolicy")["spec"]!["ingress"]![0]!["ports"]!, """{"port":"tcp-5432","protocol":"TCP"}""", """{"port":"udp-53","protocol":"UDP"}""");
    }

    [Fact]
    public async Task Without_them_there_is_nothing_of_it()
    {
        var rendering = await Helm.TemplateAsync();
        Assert.DoesNotContain("services-configmap", rendering.One("Deployment").ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_the_namespace_is_not_watched_a_Role_lets_the_ConfigMaps_be_read()
    {
        var rendering = await Helm.TemplateAsync([.. Values, "--set", "controller.watchNamespaces={shop}"]);
        Assert.Contains("[\"edge-ingress-controller-tcp\",\"edge-ingress-controller-udp\"]", rendering.One("Role", "edge-ingress-controller").ToJsonString(), StringComparison.Ordinal);
    }

    private static void AssertHas(JsonNode list, params string[] items) =>
        Assert.All(items, item => Assert.Contains(list.AsArray(), found => JsonNode.DeepEquals(found, JsonNode.Parse(item))));
}
