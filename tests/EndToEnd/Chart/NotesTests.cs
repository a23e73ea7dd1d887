using IngressController.Testing;

namespace IngressController.EndToEnd.Chart;

/// <summary>What <c>helm install</c> says at the end. <c>helm template</c> leaves it out, so a copy of the chart has it in an object.</summary>
public sealed class NotesTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Theory]
    [InlineData("LoadBalancer", "EXTERNAL-IP; a cloud takes a minute or two")]
    [InlineData("NodePort", "kubectl -n ingress get service edge-ingress-controller")]
    [InlineData("ClusterIP", "kubectl -n ingress get service edge-ingress-controller")]
    public async Task With_a_Service_it_is_the_way_in(string type, string said)
    {
        var notes = await NotesAsync("--set", $"service.type={type}");
        Assert.Contains("kubectl -n ingress rollout status deployment/edge-ingress-controller", notes, StringComparison.Ordinal);
        Assert.Contains(said, notes, StringComparison.Ordinal);
        Assert.Equal(type == "LoadBalancer", notes.Contains("EXTERNAL-IP", StringComparison.Ordinal));
        Assert.Contains("ingressClassName: yarp", notes, StringComparison.Ordinal);
        Assert.DoesNotContain("WARNING", notes, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hostPorts.enabled=true,hostPorts.http=8000", "It is reached on port 8000 of every node")]
    [InlineData("hostNetwork=true,hostPorts.enabled=true,hostPorts.http=8000", "It is reached on port 8000 of every node")]
    [InlineData("hostNetwork=true", "It is reached on port 8080 of every node")]
    [InlineData("replicas=1", "It has no Service and no host ports: only pods reach it.")]
    public async Task Without_a_Service_the_nodes_are_the_way_in_or_there_is_none(string set, string said)
    {
        var notes = await NotesAsync("--set", $"service.enabled=false,{set}");
        Assert.Contains(said, notes, StringComparison.Ordinal);
        Assert.DoesNotContain("get service", notes, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ingressClass.enabled=false", "create one with spec.controller yarp.ingress.kubernetes.io/controller")]
    [InlineData("metrics.podMonitor.enabled=true", "WARNING: the cluster does not have monitoring.coreos.com/v1")]
    [InlineData("metrics.alerts.enabled=true", "WARNING: the cluster does not have monitoring.coreos.com/v1")]
    [InlineData("kind=DaemonSet,autoscaling.enabled=true", "WARNING: autoscaling has no effect on a DaemonSet")]
    public async Task What_is_missing_is_said(string set, string said) => Assert.Contains(said, await NotesAsync("--set", set), StringComparison.Ordinal);

    private async Task<string> NotesAsync(params string[] arguments)
    {
        foreach (var file in Directory.GetFiles(Repository.Path(Helm.ChartPath), "*", SearchOption.AllDirectories))
        {
            directory.Write(Path.GetRelativePath(Repository.Path(Helm.ChartPath), file), await File.ReadAllTextAsync(file));
        }

        directory.Write("templates/_notes.tpl", $$$"""{{- define "notes" -}}{{{await File.ReadAllTextAsync(directory.File("templates/NOTES.txt"))}}}{{- end -}}""");
        directory.Write("templates/notes.yaml", "{apiVersion: v1, kind: ConfigMap, metadata: {name: notes}, data: {text: {{ include \"notes\" . | toJson }}}}");
        var (exitCode, output, errors) = await Helm.RunAsync("helm", ["template", "edge", directory.Path, "--namespace", "ingress", .. arguments]);
        Assert.True(exitCode == 0, errors);
        return (string)Rendering.Of(output).One("ConfigMap")["data"]!["text"]!;
    }
}
