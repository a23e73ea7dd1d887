using IngressController.EndToEnd.App;
using IngressController.EndToEnd.Limits;
using IngressController.EndToEnd.Proxy;
using IngressController.EndToEnd.Tls;
using IngressController.Routing.Model;
using IngressController.Testing;
using IngressController.Testing.Tls;

namespace IngressController.EndToEnd.Grpc;

/// <summary>A real gRPC client and a real server (Debian's python3-grpcio), with the program or its data plane between them.</summary>
public sealed class GrpcTests
{
    private const string Python = "/usr/bin/python3";

    private static readonly Dictionary<string, string> Calls = new()
    {
        ["unary"] = "hello deadline, yes, t",
        ["status"] = "FAILED_PRECONDITION: not today: 100% ü t",
        ["unknown"] = "UNIMPLEMENTED: Method not found! None",
        ["server"] = "['0', '1', '2', '3', '4']",
        ["client"] = "6",
        ["both"] = "(['ONE', 'TWO', 'THREE'], [], 'OK')",
        ["first"] = "('ready', [], 'OK')",
        ["deadline"] = "DEADLINE_EXCEEDED: Deadline Exceeded None",
    };

    [Fact]
    public async Task Calls_of_every_kind_go_through_with_tls_on_both_sides()
    {
        using var authority = TestAuthority.Create("backends");
        using var directory = new TemporaryDirectory();
        var served = authority.Server("web.default.svc");
        directory.Write("tls.crt", served.Pem);
        directory.Write("tls.key", served.KeyPem);
        await using var server = RunningProgram.Start(Python, [Script("server.py"), directory.File("tls.crt"), directory.File("tls.key")]);
        var destination = await DestinationAsync(server);
        await using var world = await TlsWorld.StartAsync(world =>
        {
            world.Write("web", World.Service("web", destination.Port));
            world.Write("front", world.Authority.Server("grpc.test").Secret("front"));
            world.Write("authority", $$"""
                apiVersion: v1
                kind: Secret
                metadata: { name: authority }
                data: { ca.crt: {{TestCertificate.Base64(authority.Pem)}} }
                """);
            world.Write("grpc", TlsWorld.Ingress(
                "grpc", "grpc.test", "{ hosts: [grpc.test], secretName: front }",
                "nginx.ingress.kubernetes.io/backend-protocol: GRPCS, nginx.ingress.kubernetes.io/proxy-ssl-secret: default/authority, nginx.ingress.kubernetes.io/proxy-ssl-verify: \"on\""));
        });
        directory.Write("front.pem", world.Authority.Pem);

        foreach (var (call, outcome) in Calls)
        {
            Assert.Equal($"{call}: {outcome}", $"{call}: {await CallAsync(world.Controller.Https, "grpc.test", call, directory.File("front.pem"))}");
        }

        await server.SaysAsync("cancelled"); // the deadline's end reached the server
    }

    [Fact]
    public async Task Calls_of_every_kind_go_through_in_cleartext()
    {
        await using var server = RunningProgram.Start(Python, [Script("server.py")]);
        await using var proxy = await ProxyUnderTest.StartAsync();
        proxy.Serve(HandMadeModel.Key("web"), BackendProtocol.H2c, await DestinationAsync(server));

        foreach (var (call, outcome) in Calls)
        {
            Assert.Equal($"{call}: {outcome}", $"{call}: {await CallAsync(proxy.Address, ProxyUnderTest.Host, call)}");
        }

        await server.SaysAsync("cancelled");
    }

    [Theory]
    [InlineData(ProxyProtocolVersion.V1)]
    [InlineData(ProxyProtocolVersion.V2)]
    public async Task Calls_go_through_a_HAProxy_that_wants_the_PROXY_protocol(ProxyProtocolVersion version)
    {
        await using var server = RunningProgram.Start(Python, [Script("server.py")]);
        var destination = await DestinationAsync(server);
        await using var haproxy = await HAProxy.StartAsync(
            1,
            ports =>
                $"""
                listen peer
                  bind 127.0.0.1:{ports[0]} accept-proxy
                  server backend 127.0.0.1:{destination.Port}
                """);
        await using var proxy = await ProxyUnderTest.StartAsync();
        proxy.Serve(HandMadeModel.Key("web", UpstreamPolicy.Default with { ProxyProtocol = version }), BackendProtocol.H2c, new Destination("127.0.0.1", haproxy.Ports[0]));

        foreach (var (call, outcome) in Calls)
        {
            Assert.Equal($"{call}: {outcome}", $"{call}: {await CallAsync(proxy.Address, ProxyUnderTest.Host, call)}");
        }
    }

    [Fact]
    public async Task A_stream_outlives_every_change_of_the_configuration()
    {
        using var directory = new TemporaryDirectory();
        await using var server = RunningProgram.Start(Python, [Script("server.py")]);
        var destination = await DestinationAsync(server);
        await using var world = await TlsWorld.StartAsync(world =>
        {
            world.Write("clock", World.Service("clock", destination.Port));
            world.Write("front", world.Authority.Server("grpc.test").Secret("front"));
            world.Write("grpc", Clock("/test.Echo/Ticks"));
        });
        directory.Write("front.pem", world.Authority.Pem);
        await using var client = RunningProgram.Start(
            Python,
            [Script("calls.py"), world.Controller.Https.Authority, "grpc.test", "ticks", directory.File("front.pem")],
            new Dictionary<string, string> { ["STOP"] = directory.File("stop") });
        await client.SaysAsync("it ticks");

        await ChangeAsync(world, "annotated", () => world.Write("grpc", Clock("/test.Echo/Ticks", "nginx.ingress.kubernetes.io/proxy-read-timeout: \"7\"")));
        await ChangeAsync(world, "certified", () => world.Write("front", world.Authority.Server("grpc.test").Secret("front")));
        await ChangeAsync(world, "moved", () => world.Write("clock", World.Service("clock", 1)));
        await ChangeAsync(world, "other-path", () => world.Write("grpc", Clock("/elsewhere")));
        await ChangeAsync(world, "without-ingress", () => world.Delete("grpc"));
        await ChangeAsync(world, "without-service", () => world.Delete("clock"));
        directory.Write("stop", "");

        await client.SaysAsync("all heard");
        Assert.StartsWith("404", await world.Controller.AnswerAsync("grpc.test", "/test.Echo/Ticks"), StringComparison.Ordinal); // who asks anew sees the change
    }

    /// <summary>A client that finds no gRPC status in an answer calls it UNKNOWN, or guesses.</summary>
    [Fact]
    public async Task What_the_proxy_answers_itself_is_a_grpc_status()
    {
        using var silent = new SilentListener();
        await using var mute = new RawBackend((stream, stop) => stream.CopyToAsync(Stream.Null, stop));
        await using var proxy = await ProxyUnderTest.StartWithAsync();

        Assert.Equal("UNIMPLEMENTED: 404 Not Found None", await CallAsync(proxy.Address, "other.test", "unary"));
        Assert.Equal("UNAVAILABLE: 503 Service Unavailable None", await CallAsync(proxy.Address, ProxyUnderTest.Host, "unary"));
        proxy.Serve(HandMadeModel.Key("web"), BackendProtocol.H2c, RawBackend.Refusing());
        Assert.Equal("UNAVAILABLE: 502 Bad Gateway None", await CallAsync(proxy.Address, ProxyUnderTest.Host, "unary"));
        var impatient = HandMadeModel.Key("web", UpstreamPolicy.Default with { IdleTimeout = TimeSpan.FromMilliseconds(400) });
        proxy.Serve(impatient, BackendProtocol.H2c, mute.Destination);
        Assert.Equal("DEADLINE_EXCEEDED: 504 Gateway Timeout None", await CallAsync(proxy.Address, ProxyUnderTest.Host, "unary"));
        Assert.Contains("\"reason\":\"ResponseTimeout\"", await proxy.Log.LineAsync("ResponseTimeout"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_with_keepalive_loses_only_connections_that_it_does_not_need()
    {
        await using var server = RunningProgram.Start(Python, [Script("server.py")]);
        await using var proxy = await ProxyUnderTest.StartAsync(options => options.Limits = new() { KeepAliveTimeout = TimeSpan.FromSeconds(1) });
        proxy.Serve(HandMadeModel.Key("web"), BackendProtocol.H2c, await DestinationAsync(server));
        using var hits = new LimitHits(proxy);

        var (_, output, errors) = await RunningProgram.RunAsync(Python, [Script("keepalive.py"), proxy.Address.Authority, ProxyUnderTest.Host]);

        Assert.Equal("hello deadline, idle, hello deadline", $"{output.Trim()}{errors}");
        await hits.HasAsync("write_timeout", 0);
    }

    private static string Clock(string path, string annotations = "nginx.ingress.kubernetes.io/ssl-redirect: \"true\"") =>
        $$"""
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: { name: grpc, annotations: { nginx.ingress.kubernetes.io/backend-protocol: GRPC, {{annotations}} } }
        spec:
          ingressClassName: yarp
          tls: [{ hosts: [grpc.test], secretName: front }]
          rules:
            - host: grpc.test
              http: { paths: [{ path: {{path}}, pathType: Prefix, backend: { service: { name: clock, port: { number: 80 } } } }] }
        """;

    /// <summary>Until the change, and whatever came before it, is served.</summary>
    private static async Task ChangeAsync(TlsWorld world, string name, Action change)
    {
        change();
        world.Write("marker", TlsWorld.Ingress("marker", $"{name}.test"));
        await world.Controller.AnswersAsync($"{name}.test", "/", answer => answer.StartsWith("200", StringComparison.Ordinal));
    }

    private static string Script(string name) => Path.Combine(Repository.Root, "tests/EndToEnd/Grpc", name);

    private static async Task<Destination> DestinationAsync(RunningProgram server)
    {
        var port = (await server.SaysAsync(@"port (\d+)")).Groups[1].Value;
        return new("127.0.0.1", int.Parse(port, System.Globalization.CultureInfo.InvariantCulture));
    }

    private static async Task<string> CallAsync(Uri address, string host, string call, params string[] authority)
    {
        var (_, output, errors) = await RunningProgram.RunAsync(
            Python, [Script("calls.py"), address.Authority, host, call, .. authority], new Dictionary<string, string> { ["PYTHONIOENCODING"] = "utf-8" });
        return output.Trim().Length > 0 ? output.Trim() : errors;
    }
}
