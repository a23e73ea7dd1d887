using IngressController.Testing;
using IngressController.Testing.ApiServer;

namespace IngressController.EndToEnd.App;

/// <summary>What two replicas of the real program write to a cluster.</summary>
public sealed class WritingTests : IAsyncLifetime, IDisposable
{
    private readonly TemporaryDirectory directory = new();
    private FakeApiServer server = null!;

    public async Task InitializeAsync()
    {
        server = await FakeApiServer.StartAsync();
        server.Apply("""
            apiVersion: networking.k8s.io/v1
            kind: IngressClass
            metadata: {name: yarp}
            spec: {controller: yarp.ingress.kubernetes.io/controller}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: front, namespace: ingress}
            spec: {type: LoadBalancer, ports: [{port: 80}]}
            status: {loadBalancer: {ingress: [{ip: 203.0.113.5}]}}
            ---
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: {name: web, namespace: shop}
            spec: {ingressClassName: yarp, defaultBackend: {service: {name: none, port: {number: 80}}}}
            """);
        directory.Write("config", server.Kubeconfig());
    }

    public async Task DisposeAsync() => await server.DisposeAsync();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task The_leader_writes_address_and_Event_and_the_other_replica_goes_on_when_it_stops()
    {
        await using var first = await StartAsync("pod-a");
        await Eventually.TrueAsync(() => Address() == "203.0.113.5", "the Ingress shows the Service's address");
        await Eventually.TrueAsync(() => server.All("Event").Any(IsAboutService), "an Event says what is wrong");
        await using var second = await StartAsync("pod-b");
        await first.Program.SignalAsync("TERM");
        Assert.Equal(0, await first.Program.ExitCodeAsync());
        Assert.Equal("203.0.113.5", Address()); // not cleared on shutdown
        await second.Program.SaysAsync("pod-b_[0-9a-f-]+ leads from now on");

        server.Apply("""
            apiVersion: networking.k8s.io/v1
            kind: IngressClass
            metadata: {name: other}
            spec: {controller: example.com/other}
            ---
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: {name: web, namespace: shop}
            spec: {ingressClassName: other, defaultBackend: {service: {name: none, port: {number: 80}}}}
            """);
        await Eventually.TrueAsync(() => Address() is null, "the entry is withdrawn from what is no longer ours");
    }

    private static bool IsAboutService(System.Text.Json.Nodes.JsonObject item) =>
        (string?)item["reason"] == "ServiceNotFound" && (string?)item["reportingInstance"] == "pod-a" && (string?)item["regarding"]!["name"] == "web";

    private string? Address() => (string?)server.Find("Ingress", "shop", "web")!["status"]?["loadBalancer"]?["ingress"]?[0]?["ip"];

    private Task<ControllerProcess> StartAsync(string pod) => ControllerProcess.OfAsync(RunningProgram.Start(
        ControllerProcess.File,
        [
            "--kubeconfig", directory.File("config"), "--bind-address", "127.0.0.1", "--http-port", "0", "--https-port", "0", "--admin-port", "0",
            "--publish-service", "ingress/front", "--pod-name", pod, "--pod-namespace", "ingress",
        ]));
}
