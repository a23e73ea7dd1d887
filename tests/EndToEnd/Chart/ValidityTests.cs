using System.Text.Json.Nodes;
using IngressController.Testing;

namespace IngressController.EndToEnd.Chart;

/// <summary>Whatever the chart is given, an API server takes what it makes.</summary>
public sealed class ValidityTests
{
    private const string Monitoring = "monitoring.coreos.com/v1";

    /// <summary>No values, those of every cloud, and those of the value sets; each with the releases 1.25, 1.30 and 1.32 of Kubernetes.</summary>
    public static TheoryData<string, int> Renderings
    {
        get
        {
            var files = new[] { "samples/clouds", "tests/EndToEnd/Chart/values" }
                .SelectMany(folder => Directory.GetFiles(Repository.Path(folder), "*.yaml"))
                .Select(file => Path.GetRelativePath(Repository.Root, file)).Order();
            var renderings = new TheoryData<string, int>();
            foreach (var file in files.Prepend(""))
            {
                foreach (var release in new[] { 25, 30, 32 })
                {
                    renderings.Add(file, release);
                }
            }

            return renderings;
        }
    }

    [Theory]
    [MemberData(nameof(Renderings))]
    public async Task Every_object_is_valid_and_as_old_as_the_cluster(string values, int release)
    {
        var rendering = await Helm.TemplateAsync([.. Values(values), "--kube-version", $"1.{release}.0", "--api-versions", Monitoring]);
        Assert.NotEmpty(rendering.Objects);
        Assert.Empty(rendering.Objects.SelectMany(item => Schemas.Flaws(item, release)));
        var names = rendering.Objects.Select(item => $"{item["kind"]} {item["metadata"]!["namespace"]}/{item["metadata"]!["name"]}");
        Assert.Equal(rendering.Objects.Count, names.Distinct().Count());
    }

    [Theory]
    [InlineData("1.24.17", false)]
    [InlineData("1.25.0", true)]
    [InlineData("1.25.3-gke.200", true)]
    [InlineData("1.32.0-eks-5d632ec", true)]
    public async Task Clusters_from_1_25_on_are_taken(string version, bool isTaken)
    {
        if (isTaken)
        {
            Assert.NotEmpty((await Helm.TemplateAsync("--kube-version", version)).Objects);
        }
        else
        {
            Assert.Contains("kubeVersion", await Helm.RefusesAsync("--kube-version", version), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Names_that_look_like_numbers_or_truth_stay_names()
    {
        var (exitCode, output, errors) = await Helm.RunAsync("helm", [
            "template", "2024", Helm.ChartPath, "--namespace", "123", "--api-versions", Monitoring,
            "--set", "fullnameOverride=edge,internalService.enabled=true,networkPolicy.enabled=true,autoscaling.enabled=true,metrics.serviceMonitor.enabled=true,metrics.podMonitor.enabled=true",
            "--set-string", "serviceAccount.name=007,ingressClass.name=true,priorityClassName=1,service.loadBalancerClass=no",
            "--set-string", "controller.watchNamespaces={1e3},controller.defaultBackendService=12/34",
        ]);
        Assert.True(exitCode == 0, errors);
        Assert.Empty(Rendering.Of(output).Objects.SelectMany(item => Schemas.Flaws(item, release: 32)));
    }

    [Fact]
    public async Task The_chart_passes_lint()
    {
        foreach (var file in Renderings.Select(row => (string)row[0]).Distinct())
        {
            var (exitCode, output, errors) = await Helm.RunAsync("helm", ["lint", "--strict", Helm.ChartPath, .. Values(file)]);
            Assert.True(exitCode == 0, $"{file}: {output}{errors}");
        }
    }

    [Theory]
    [InlineData("""{"kind": "Deployment", "apiVersion": "apps/v1", "spec": {"selector": {}, "template": {}, "replica": 1}}""", "there is no field replica")]
    [InlineData("""{"kind": "Deployment", "apiVersion": "apps/v1", "spec": {"selector": {}, "template": {}, "replicas": "1"}}""", "is no integer")]
    [InlineData("""{"kind": "Deployment", "apiVersion": "apps/v1", "spec": {"template": {}}}""", "selector is missing")]
    [InlineData("""{"kind": "Service", "apiVersion": "v1", "spec": {"type": "Balancer"}}""", "is no string that the schema allows")]
    [InlineData("""{"kind": "Service", "apiVersion": "v1", "spec": {"ports": [{"port": 80, "targetPort": true}]}}""", "ports[0].targetPort")]
    [InlineData("""{"kind": "Service", "apiVersion": "v1", "metadata": {"labels": {"a": 1}}}""", "labels.a")]
    [InlineData("""{"kind": "Service", "apiVersion": "v1", "spec": {"trafficDistribution": "PreferClose"}}""", "from Kubernetes 1.31 on")]
    [InlineData("""{"kind": "Service", "apiVersion": "v2"}""", "there is no v2 Service")]
    public void The_validation_finds(string item, string flaw) =>
        Assert.Contains(Schemas.Flaws(JsonNode.Parse(item)!.AsObject(), release: 25), found => found.Contains(flaw, StringComparison.Ordinal));

    private static string[] Values(string file) => file.Length == 0 ? [] : ["--values", file];
}
