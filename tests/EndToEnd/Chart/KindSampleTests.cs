using System.Text.Json.Nodes;
using IngressController.Testing;

namespace IngressController.EndToEnd.Chart;

/// <summary>There is no kind here: what of the sample can be held without a cluster.</summary>
public sealed class KindSampleTests
{
    private const string Values = "samples/clouds/kind.yaml";

    [Fact]
    public async Task The_script_is_a_script_and_says_what_is_missing()
    {
        var script = Repository.Path("samples/kind/try");
        Assert.Equal(0, (await Helm.RunAsync("bash", ["-n", script])).ExitCode);
        var (exitCode, _, errors) = await Helm.RunAsync("env", ["PATH=/nowhere", "/bin/bash", script]);
        Assert.Equal(2, exitCode);
        Assert.Contains("samples/kind/try: docker is missing", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void The_objects_that_it_applies_are_valid()
    {
        var objects = Rendering.Of(File.ReadAllText(Repository.Path("samples/kind/echo.yaml"))).Objects;
        Assert.Equal(["Deployment", "Service", "Ingress"], objects.Select(item => (string?)item["kind"]));
        Assert.Empty(objects.SelectMany(item => Schemas.Flaws(item, release: 25)));
    }

    [Fact]
    public async Task The_mapped_ports_the_node_ports_and_the_asked_port_are_one()
    {
        var cluster = Rendering.Of(File.ReadAllText(Repository.Path("samples/kind/cluster.yaml"))).Objects.Single();
        var mappings = cluster["nodes"]![0]!["extraPortMappings"]!.AsArray();
        var rendering = await Helm.TemplateAsync("--values", Values);
        Assert.Equal(mappings.Select(mapping => (int)mapping!["containerPort"]!), rendering.One("Service")["spec"]!["ports"]!.AsArray().Select(port => (int)port!["nodePort"]!));
        Assert.Contains($"--public-https-port={mappings[1]!["hostPort"]}", rendering.Arguments());
        var script = File.ReadAllText(Repository.Path("samples/kind/try"));
        Assert.Contains($"http://echo.localhost:{mappings[0]!["hostPort"]}/", script, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_installed_image_and_class_are_those_of_the_script_and_the_ingress()
    {
        var rendering = await Helm.TemplateAsync("--values", Values);
        Assert.Equal("ingress-controller:dev", (string?)rendering.Container()["image"]);
        Assert.Contains("--tag ingress-controller:dev", File.ReadAllText(Repository.Path("samples/kind/try")), StringComparison.Ordinal);
        JsonNode ingress = Rendering.Of(File.ReadAllText(Repository.Path("samples/kind/echo.yaml"))).One("Ingress");
        Assert.Equal((string?)rendering.One("IngressClass")["metadata"]!["name"], (string?)ingress["spec"]!["ingressClassName"]);
    }
}
