using System.Text.Json.Nodes;
using IngressController.App.Cli;

namespace IngressController.EndToEnd.Chart;

/// <summary>The pods: their command line, their end, their rights on the node, their place.</summary>
public sealed class WorkloadTests
{
    private const string Everything = "tests/EndToEnd/Chart/values/everything.yaml";

    [Fact]
    public async Task The_default_command_line()
    {
        var rendering = await Helm.TemplateAsync();
        Assert.Equal(
            [
                "run", "--http-port=8080", "--https-port=8443", "--public-https-port=443", "--admin-port=9090", "--controller-name=yarp.ingress.kubernetes.io/controller", "--ingress-class=yarp",
                "--publish-service=ingress/edge-ingress-controller", "--shutdown-delay=10s", "--shutdown-grace-period=30s", "--log-format=json",
            ],
            rendering.Arguments());
    }

    [Fact]
    public async Task Every_value_of_the_controller_is_its_flag()
    {
        var rendering = await Helm.TemplateAsync("--values", Everything, "--set", "controller.watchNamespaces={shop,blog},publish.addresses={192.0.2.1,edge.example.com}", "--set", "extraArgs={--zone=a}");
        Assert.Equal(
            [
                "run", "--http-port=8080", "--https-port=8443", "--public-https-port=8443", "--admin-port=9090", "--controller-name=example.com/edge", "--controller-name=k8s.io/ingress-nginx", "--ingress-class=edge",
                "--watch-ingress-without-class", "--watch-namespace=shop", "--watch-namespace=blog", "--default-backend-service=web/fallback:80", "--allow-external-names",
                "--default-tls-secret=web/wildcard", "--trusted-proxies=10.0.0.0/8", "--trusted-proxies=fd00::/8", "--proxy-protocol", "--publish-address=192.0.2.1", "--publish-address=edge.example.com",
                "--shutdown-delay=20s", "--shutdown-grace-period=100s", "--log-format=console", "--nginx-metric-names", "--zone=a",
            ],
            rendering.Arguments().Where(argument => !argument.StartsWith("--acme-", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Every_flag_is_one_of_the_program()
    {
        var rendering = await Helm.TemplateAsync("--values", Everything, "--set", "controller.watchNamespaces={shop}");
        var flags = rendering.Arguments().Skip(1).Select(argument => argument.Split('=')[0]);
        Assert.Empty(flags.Except(Flags.OfRun.Select(flag => flag.Name)));
        var variables = rendering.Container()["env"]!.AsArray().Select(variable => (string)variable!["name"]!).Where(name => name.StartsWith("INGRESS__", StringComparison.Ordinal));
        Assert.Empty(variables.Except(Flags.OfRun.Select(flag => flag.Variable)));
    }

    [Fact]
    public async Task A_pod_is_told_who_and_where_it_is()
    {
        var environment = (await Helm.TemplateAsync()).Container()["env"]!.AsArray()
            .ToDictionary(variable => (string)variable!["name"]!, variable => (string?)variable!["valueFrom"]!["fieldRef"]!["fieldPath"]);
        Assert.Equal("spec.nodeName", environment["INGRESS__NODENAME"]);
        Assert.Equal("metadata.labels['topology.kubernetes.io/zone']", environment["INGRESS__ZONE"]);
        Assert.Equal("metadata.name", environment["INGRESS__PODNAME"]);
        Assert.Equal("metadata.namespace", environment["INGRESS__PODNAMESPACE"]);
    }

    [Theory]
    [InlineData("1.30.0", "--shutdown-delay=20s", 7)]
    [InlineData("1.29.9", "--shutdown-delay=27s", null)] // no such hook: the flag takes over
    public async Task The_kubelet_waits_longer_than_the_program_takes(string version, string delay, int? sleep)
    {
        var rendering = await Helm.TemplateAsync("--values", Everything, "--kube-version", version);
        Assert.Contains(delay, rendering.Arguments());
        Assert.Equal(sleep, (int?)rendering.Container()["lifecycle"]?["preStop"]!["sleep"]!["seconds"]);
        Assert.Equal(7 + 20 + 100 + 5, (int?)rendering.Pod()["terminationGracePeriodSeconds"]);
    }

    [Fact]
    public async Task Pods_meet_the_restricted_pod_security_standard()
    {
        var rendering = await Helm.TemplateAsync();
        var (pod, container) = (rendering.Pod()["securityContext"]!, rendering.Container()["securityContext"]!);
        Assert.True((bool)pod["runAsNonRoot"]! && (bool)container["runAsNonRoot"]!);
        Assert.Equal(1654, (int?)pod["runAsUser"]);
        Assert.Equal("RuntimeDefault", (string?)pod["seccompProfile"]!["type"]);
        Assert.False((bool)container["allowPrivilegeEscalation"]!);
        Assert.True((bool)container["readOnlyRootFilesystem"]!);
        Assert.Equal("""{"drop":["ALL"]}""", container["capabilities"]!.ToJsonString());
        Assert.DoesNotContain(rendering.Container()["ports"]!.AsArray(), port => port!["hostPort"] is not null);
    }

    [Fact]
    public async Task Probes_ask_the_admin_port()
    {
        var container = (await Helm.TemplateAsync()).Container();
        string Probe(string name) => container[name]!["httpGet"]!.ToJsonString();
        Assert.Equal("""{"path":"/livez","port":"admin"}""", Probe("startupProbe"));
        Assert.Equal("""{"path":"/livez","port":"admin"}""", Probe("livenessProbe"));
        Assert.Equal("""{"path":"/readyz","port":"admin"}""", Probe("readinessProbe"));
        Assert.Equal(["http 8080", "https 8443", "admin 9090"], container["ports"]!.AsArray().Select(port => $"{port!["name"]} {port["containerPort"]}"));
    }

    [Fact]
    public async Task A_daemon_set_with_host_ports_has_neither_replicas_nor_what_counts_them()
    {
        var rendering = await Helm.TemplateAsync("--values", "tests/EndToEnd/Chart/values/daemonset-with-host-ports.yaml");
        Assert.Equal(["http 80", "https 443", "admin "], rendering.Container()["ports"]!.AsArray().Select(port => $"{port!["name"]} {port["hostPort"]}"));
        var spec = rendering.One("DaemonSet")["spec"]!;
        Assert.Null(spec["replicas"]);
        Assert.Equal(1, (int?)spec["updateStrategy"]!["rollingUpdate"]!["maxUnavailable"]);
        string[] counted = ["Deployment", "PodDisruptionBudget", "HorizontalPodAutoscaler", "Service"];
        Assert.Empty(rendering.Objects.Select(item => (string)item["kind"]!).Intersect(counted));
        Assert.Null(rendering.Pod()["affinity"]);
        Assert.Contains("--publish-address=2001:db8::1", rendering.Arguments());
        Assert.DoesNotContain(rendering.Arguments(), argument => argument.StartsWith("--publish-service", StringComparison.Ordinal));
    }

    [Fact]
    public async Task In_the_nodes_network_the_program_listens_where_clients_come()
    {
        var rendering = await Helm.TemplateAsync("--values", "tests/EndToEnd/Chart/values/host-network.yaml");
        Assert.Equal((true, "ClusterFirstWithHostNet"), ((bool?)rendering.Pod()["hostNetwork"], (string?)rendering.Pod()["dnsPolicy"]));
        // There a host port must be the container's.
        Assert.Equal(["http 80 80", "https 443 443", "admin 9090 "], rendering.Container()["ports"]!.AsArray().Select(port => $"{port!["name"]} {port["containerPort"]} {port["hostPort"]}"));
        Assert.Contains("--http-port=80", rendering.Arguments());
        Assert.Contains("--https-port=443", rendering.Arguments());
        var plain = (await Helm.TemplateAsync("--set", "hostNetwork=true,dnsPolicy=Default")).Pod();
        Assert.Equal("Default", (string?)plain["dnsPolicy"]);
        Assert.DoesNotContain((await Helm.TemplateAsync()).Pod(), field => field.Key is "hostNetwork" or "dnsPolicy");
    }

    /// <summary>A selector cannot change: where a value changed it, the next <c>helm upgrade</c> would be refused.</summary>
    [Theory]
    [MemberData(nameof(ValueFiles))]
    public async Task No_value_changes_the_selector(string values)
    {
        var rendering = await Helm.TemplateAsync("--values", values, "--set", "nameOverride=other,fullnameOverride=other,image.tag=next");
        var selector = Assert.Single([.. rendering.All("Deployment"), .. rendering.All("DaemonSet")])["spec"]!["selector"]!;
        Assert.Equal("""{"matchLabels":{"app.kubernetes.io/name":"ingress-controller","app.kubernetes.io/instance":"edge"}}""", selector.ToJsonString());
        var labels = Assert.Single([.. rendering.All("Deployment"), .. rendering.All("DaemonSet")])["spec"]!["template"]!["metadata"]!["labels"]!;
        Assert.All(selector["matchLabels"]!.AsObject(), label => Assert.Equal((string?)label.Value, (string?)labels[label.Key]));
    }

    public static TheoryData<string> ValueFiles => new(Directory.GetFiles(Testing.Repository.Path("tests/EndToEnd/Chart/values"), "*.yaml").Select(file => Path.GetRelativePath(Testing.Repository.Root, file)).Order());

    [Fact]
    public async Task An_autoscaler_owns_the_number_of_pods()
    {
        var rendering = await Helm.TemplateAsync("--values", "tests/EndToEnd/Chart/values/autoscaled.yaml");
        Assert.Null(rendering.One("Deployment")["spec"]!["replicas"]);
        var spec = rendering.One("HorizontalPodAutoscaler")["spec"]!;
        Assert.Equal("edge-ingress-controller", (string?)spec["scaleTargetRef"]!["name"]);
        Assert.Equal(["cpu 75", "memory 80"], spec["metrics"]!.AsArray().Take(2).Select(metric => $"{metric!["resource"]!["name"]} {metric["resource"]!["target"]!["averageUtilization"]}"));
        Assert.Equal("Pods", (string?)spec["metrics"]![2]!["type"]);
        Assert.Empty(rendering.All("PodDisruptionBudget"));
        Assert.Equal(["nodeAffinity"], rendering.Pod()["affinity"]!.AsObject().Select(pair => pair.Key));
        Assert.Null(rendering.Pod()["securityContext"]!["runAsUser"]);
    }

    [Fact]
    public async Task Spreading_counts_the_pods_of_this_release()
    {
        var rendering = await Helm.TemplateAsync("--values", Everything);
        var selector = rendering.One("Deployment")["spec"]!["selector"]!;
        var constraints = rendering.Pod()["topologySpreadConstraints"]!;
        Assert.True(JsonNode.DeepEquals(selector, constraints[0]!["labelSelector"]));
        Assert.Equal("""{"matchLabels":{"own":"selector"}}""", constraints[1]!["labelSelector"]!.ToJsonString());
        var rule = Assert.Single(rendering.Pod()["affinity"]!["podAntiAffinity"]!["requiredDuringSchedulingIgnoredDuringExecution"]!.AsArray())!;
        Assert.True(JsonNode.DeepEquals(selector, rule["labelSelector"]));
        Assert.True(JsonNode.DeepEquals(selector, rendering.One("PodDisruptionBudget")["spec"]!["selector"]));
        Assert.Equal("50%", (string?)rendering.One("PodDisruptionBudget")["spec"]!["minAvailable"]);
    }

    [Fact]
    public async Task A_digest_goes_before_the_tag()
    {
        Assert.Equal("ingress-controller:0.1.0", (string?)(await Helm.TemplateAsync()).Container()["image"]);
        Assert.StartsWith("registry.example.com/edge@sha256:", (string?)(await Helm.TemplateAsync("--values", Everything)).Container()["image"], StringComparison.Ordinal);
    }
}
