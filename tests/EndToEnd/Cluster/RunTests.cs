using IngressController.Testing;
using IngressController.Testing.ApiServer;

namespace IngressController.EndToEnd.Cluster;

/// <summary>The whole program over an API server with TLS.</summary>
public sealed class RunTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task Traffic_goes_on_when_the_api_server_is_away()
    {
        await using var server = await FakeApiServer.StartAsync(tls: true);
        await using var backend = await EchoBackend.StartAsync(address: OwnAddress.Value);
        directory.Write("config", server.Kubeconfig());
        server.Apply(Objects(backend.Port));
        await using var program = RunningProgram.Start(
            ControllerProcess.File, ["--kubeconfig", directory.File("config"), "--bind-address", "127.0.0.1", "--http-port", "0", "--admin-port", "0"]);
        await using var controller = await ControllerProcess.OfAsync(program);

        await server.StopListeningAsync();
        await program.SaysAsync("ApiUnreachable");
        Assert.StartsWith("200 ", await controller.AnswerAsync("a.example.com", "/still"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_reads_a_cluster_once()
    {
        await using var server = await FakeApiServer.StartAsync(tls: true);
        directory.Write("config", server.Kubeconfig());
        server.Apply(ReadCluster.Ingress("a"));
        server.Apply(Class);
        var (exitCode, output, errors) = await ControllerProcess.RunAsync("check", "--kubeconfig", directory.File("config"));
        Assert.Equal((1, ""), (exitCode, errors));
        Assert.Contains("error ServiceNotFound: Ingress default/a", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_says_why_a_cluster_cannot_be_read()
    {
        await using var server = await FakeApiServer.StartAsync(tls: true);
        directory.Write("config", server.Kubeconfig("wrong"));
        var (exitCode, output, _) = await ControllerProcess.RunAsync("check", "--kubeconfig", directory.File("config"));
        Assert.Equal(1, exitCode);
        Assert.Contains("does not accept who we are: Unauthorized", output, StringComparison.Ordinal);
    }

    private const string Class = "{apiVersion: networking.k8s.io/v1, kind: IngressClass, metadata: {name: yarp}, spec: {controller: yarp.ingress.kubernetes.io/controller}}\n---\n";

    private static string Objects(int port) => ReadCluster.Ingress("a") + Class + $$$"""
        {apiVersion: v1, kind: Service, metadata: {name: web}, spec: {ports: [{port: 80}]}}
        ---
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: {name: web-1, labels: {kubernetes.io/service-name: web}}
        addressType: IPv4
        endpoints: [{addresses: [{{{OwnAddress.Value}}}], conditions: {ready: true}}]
        ports: [{name: "", port: {{{port}}}, protocol: TCP}]
        """;
}
