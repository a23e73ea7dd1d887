using System.Net;
using IngressController.Echo;
using IngressController.EndToEnd.App;
using IngressController.Testing;

namespace IngressController.EndToEnd.Routing;

/// <summary>How Services lead to backends, from manifest to socket.</summary>
public sealed class ServiceTypesTests
{
    [Fact]
    public async Task Named_target_ports_in_several_slices_duplicates_and_readiness_count()
    {
        await using var world = await ServiceWorld.StartAsync("one", "two", "three");
        await world.ServeAsync(
            $$"""
            apiVersion: v1
            kind: Service
            metadata: { name: web }
            spec: { clusterIP: None, ports: [{ name: http, port: 80, targetPort: web }, { name: admin, port: 81 }] }
            ---
            {{Slice("web-a", world.Port("one"))}}
            ---
            {{Slice("web-b", world.Port("two"))}}
            ---
            {{Slice("web-c", world.Port("two"))}}
            ---
            {{Slice("web-d", world.Port("three"), "conditions: { ready: false }")}}
            """);
        Assert.Equal(["one", "two"], await world.AnswerersAsync(20));
    }

    [Fact]
    public async Task The_last_pod_of_a_rollout_serves_while_it_terminates()
    {
        await using var world = await ServiceWorld.StartAsync("going", "gone");
        await world.ServeAsync(
            $$"""
            apiVersion: v1
            kind: Service
            metadata: { name: web }
            spec: { ports: [{ name: http, port: 80 }] }
            ---
            {{Slice("web-a", world.Port("going"), "conditions: { ready: false, serving: true, terminating: true }")}}
            ---
            {{Slice("web-b", world.Port("gone"), "conditions: { ready: false, serving: false, terminating: true }")}}
            """);
        Assert.Equal(["going"], await world.AnswerersAsync(6));
    }

    [Fact]
    public async Task Endpoints_serve_a_Service_without_slices_and_without_selector()
    {
        await using var world = await ServiceWorld.StartAsync("legacy");
        await world.ServeAsync(
            $$"""
            apiVersion: v1
            kind: Service
            metadata: { name: web }
            spec: { type: LoadBalancer, ports: [{ name: http, port: 80 }] }
            ---
            apiVersion: v1
            kind: Endpoints
            metadata: { name: web }
            subsets: [{ addresses: [{ ip: 127.0.0.1 }], ports: [{ name: http, port: {{world.Port("legacy")}} }] }]
            """);
        Assert.Equal(["legacy"], await world.AnswerersAsync(3));
    }

    [Fact]
    public async Task An_external_name_on_this_machine_is_reached_from_a_directory_when_the_flag_allows_it()
    {
        await using var world = await ServiceWorld.StartAsync("outside");
        var service =
            $$"""
            apiVersion: v1
            kind: Service
            metadata: { name: web }
            spec: { type: ExternalName, externalName: localhost, ports: [{ name: http, port: {{world.Port("outside")}} }] }
            """;
        world.IngressPort = world.Port("outside");
        await world.ServeAsync(service, "--allow-external-names");
        Assert.Equal(["outside"], await world.AnswerersAsync(3));
    }

    [Fact]
    public async Task Zones_are_followed_and_client_affinity_keeps_a_client()
    {
        await using var world = await ServiceWorld.StartAsync("east", "west-1", "west-2");
        await world.ServeAsync(
            $$"""
            apiVersion: v1
            kind: Service
            metadata: { name: web }
            spec: { sessionAffinity: ClientIP, ports: [{ name: http, port: 80 }] }
            ---
            {{Slice("web-a", world.Port("east"), "hints: { forZones: [{ name: east }] }")}}
            ---
            {{Slice("web-b", world.Port("west-1"), "hints: { forZones: [{ name: west }] }")}}
            ---
            {{Slice("web-c", world.Port("west-2"), "hints: { forZones: [{ name: west }] }")}}
            """,
            "--zone", "west");
        Assert.Contains(Assert.Single(await world.AnswerersAsync(10)), new[] { "west-1", "west-2" });
    }

    [Fact]
    public async Task An_IPv6_endpoint_is_reached()
    {
        await using var world = await ServiceWorld.StartAsync();
        using var six = new System.Net.Sockets.TcpListener(IPAddress.IPv6Loopback, 0);
        six.Start();
        var answer = AnswerOnceAsync(six);
        await world.ServeAsync(
            $$"""
            apiVersion: v1
            kind: Service
            metadata: { name: web }
            spec: { ipFamilies: [IPv6, IPv4], ports: [{ name: http, port: 80 }] }
            ---
            {{Slice("web-a", ((IPEndPoint)six.LocalEndpoint).Port).Replace("127.0.0.1", "\"::1\"", StringComparison.Ordinal).Replace("IPv4", "IPv6", StringComparison.Ordinal)}}
            ---
            {{Slice("web-b", 9)}}
            """);
        Assert.Equal(["six"], await world.AnswerersAsync(1));
        await answer;
    }

    private static string Slice(string name, int port, string more = "") =>
        $$"""
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: { name: {{name}}, labels: { kubernetes.io/service-name: web } }
        addressType: IPv4
        ports: [{ name: http, port: {{port}} }]
        endpoints: [{ addresses: [127.0.0.1]{{(more.Length > 0 ? $", {more}" : "")}} }]
        """;

    private static async Task AnswerOnceAsync(System.Net.Sockets.TcpListener listener)
    {
        using var connection = await listener.AcceptTcpClientAsync();
        var stream = connection.GetStream();
        await stream.ReadExactlyAsync(new byte[16]);
        await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\nsix "u8.ToArray());
    }

    private sealed class ServiceWorld : IAsyncDisposable
    {
        private readonly Dictionary<string, EchoServer> backends = [];
        private readonly TemporaryDirectory manifests = new();
        private ControllerProcess? controller;

        /// <summary>The number of the Service port that the Ingress names.</summary>
        public int IngressPort { get; set; } = 80;

        public static async Task<ServiceWorld> StartAsync(params string[] names)
        {
            var world = new ServiceWorld();
            foreach (var name in names)
            {
                world.backends[name] = await EchoServer.StartAsync(name, 0, CancellationToken.None);
            }

            return world;
        }

        public int Port(string name) => backends[name].Port;

        public async Task ServeAsync(string objects, params string[] flags)
        {
            var ingress = World.Ingress("web", "web.test", "/", "web").Replace("number: 80", $"number: {IngressPort}", StringComparison.Ordinal);
            manifests.Write("all.yaml", string.Join("\n---\n", World.Class, ingress, objects));
            controller = await ControllerProcess.StartAsync(manifests.Path, flags);
        }

        /// <summary>Who answered, each once, in order.</summary>
        public async Task<string[]> AnswerersAsync(int requests)
        {
            var names = new SortedSet<string>(StringComparer.Ordinal);
            for (var request = 0; request < requests; request++)
            {
                var answer = await controller!.AnswerAsync("web.test", "/");
                Assert.StartsWith("200 ", answer, StringComparison.Ordinal);
                names.Add(answer.Split(' ')[1]);
            }

            return [.. names];
        }

        public async ValueTask DisposeAsync()
        {
            await (controller?.DisposeAsync() ?? ValueTask.CompletedTask);
            foreach (var backend in backends.Values)
            {
                await backend.DisposeAsync();
            }

            manifests.Dispose();
        }
    }
}
