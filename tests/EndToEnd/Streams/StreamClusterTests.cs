using System.Text;
using IngressController.Testing;
using IngressController.Testing.Clusters;

namespace IngressController.EndToEnd.Streams;

/// <summary>The whole program over an API server, from which it has the ConfigMaps.</summary>
public sealed class StreamClusterTests
{
    [Fact]
    public async Task Ports_follow_a_ConfigMap_of_the_cluster()
    {
        await using var cluster = await TestCluster.StartAsync();
        await using var one = Peer("one");
        await using var two = Peer("two");
        await cluster.ApplyAsync(Service("one", one.Destination.Port) + Service("two", two.Destination.Port));
        await using var controller = await cluster.RunAsync(flags: ["--tcp-services-configmap", $"{cluster.Namespace}/tcp"]);
        await controller.Program.SaysAsync($"ConfigMap {cluster.Namespace}/tcp");

        int first = StreamWorld.FreePort(), second = StreamWorld.FreePort();
        await cluster.ApplyAsync(Map($"\"{first}\": {cluster.Namespace}/one:70"));
        await AnswersAsync(first, "one");

        await cluster.ApplyAsync(Map($"\"{first}\": {cluster.Namespace}/two:70, \"{second}\": {cluster.Namespace}/one:70"));
        await AnswersAsync(first, "two");
        await AnswersAsync(second, "one");

        await cluster.ApplyAsync(Map($"\"{second}\": {cluster.Namespace}/one:70"));
        await Eventually.TrueAsync(async () => !await StreamWorld.IsOpenAsync(first), "the port is closed");
        await AnswersAsync(second, "one");

        await cluster.DeleteAsync("ConfigMap", "tcp");
        await Eventually.TrueAsync(async () => !await StreamWorld.IsOpenAsync(second), "the port is closed");
    }

    /// <summary>Says its name and closes.</summary>
    private static RawBackend Peer(string name) => new((stream, stop) => stream.WriteAsync(Encoding.ASCII.GetBytes(name), stop).AsTask(), OwnAddress.Value);

    private static Task AnswersAsync(int port, string answer) =>
        Eventually.TrueAsync(async () => await StreamWorld.AskAsync(port, "") == answer, $"port {port} leads to {answer}");

    private static string Map(string entries) => $"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: tcp}}\ndata: {{{entries}}}\n";

    private static string Service(string name, int port) => $$$"""
        {apiVersion: v1, kind: Service, metadata: {name: {{{name}}}}, spec: {ports: [{port: 70}]}}
        ---
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: {name: {{{name}}}-1, labels: {kubernetes.io/service-name: {{{name}}}}}
        addressType: IPv4
        endpoints: [{addresses: [{{{OwnAddress.Value}}}], conditions: {ready: true}}]
        ports: [{name: "", port: {{{port}}}, protocol: TCP}]
        ---

        """;
}
