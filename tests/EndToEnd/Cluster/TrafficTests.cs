using System.Diagnostics;
using IngressController.Testing;
using IngressController.Testing.ApiServer;

namespace IngressController.EndToEnd.Cluster;

/// <summary>Nothing that an API server does hurts traffic, and afterwards the program follows it again.</summary>
public sealed class TrafficTests : IAsyncLifetime, IDisposable
{
    private const string NewHost = "b.example.com";

    private readonly TemporaryDirectory directory = new();
    private FakeApiServer server = null!;
    private EchoBackend backend = null!;
    private ControllerProcess controller = null!;

    public async Task InitializeAsync()
    {
        server = await FakeApiServer.StartAsync();
        backend = await EchoBackend.StartAsync(address: OwnAddress.Value);
        server.Apply(WebCluster.Objects(backend.Port));
        directory.Write("config", server.Kubeconfig());
        controller = await ControllerProcess.OfAsync(RunningProgram.Start(
            ControllerProcess.File, ["--kubeconfig", directory.File("config"), "--bind-address", "127.0.0.1", "--http-port", "0", "--https-port", "0", "--admin-port", "0"]));
        await Eventually.TrueAsync(() => server.OpenStreams == 8, "eight watches");
    }

    public async Task DisposeAsync()
    {
        await controller.DisposeAsync();
        await backend.DisposeAsync();
        await server.DisposeAsync();
    }

    public void Dispose() => directory.Dispose();

    [Fact]
    public Task A_stream_that_is_cut_in_the_middle_of_an_object() => TrafficGoesOnAsync(() =>
    {
        server.DropStreams();
        return Task.CompletedTask;
    });

    [Fact]
    public Task A_stream_that_says_nothing_for_a_while() => TrafficGoesOnAsync(async () =>
    {
        server.StallStreams();
        server.Apply(ReadCluster.Ingress("never", "never.example.com"));
        await controller.AnswersAsync("never.example.com", "/", answer => answer.StartsWith("404", StringComparison.Ordinal));
        server.ResumeStreams();
    });

    [Fact]
    public Task A_position_that_has_expired() => TrafficGoesOnAsync(() =>
    {
        server.DropStreams();
        server.Apply(ReadCluster.Ingress("c", "c.example.com"));
        server.CompactHistory();
        return Task.CompletedTask;
    });

    [Fact]
    public Task A_backup_of_etcd_that_is_put_back() => TrafficGoesOnAsync(async () =>
    {
        var restore = server.Backup();
        server.Apply(ReadCluster.Ingress("lost", "lost.example.com"));
        await controller.AnswersAsync("lost.example.com", "/", IsServed);
        await server.StopListeningAsync();
        restore();
        await controller.Program.SaysAsync("ApiUnreachable");
        await server.StartListeningAsync();
        await controller.AnswersAsync("lost.example.com", "/", answer => answer.StartsWith("404", StringComparison.Ordinal));
    });

    [Fact]
    public Task A_token_that_nobody_accepts_for_a_while() => TrafficGoesOnAsync(async () =>
    {
        server.ExpireToken(FakeApiServer.AdminToken);
        server.DropStreams();
        await controller.Program.SaysAsync("does not accept who we are");
        server.RenewAdminToken();
    });

    [Fact]
    public Task A_server_that_is_overloaded() => TrafficGoesOnAsync(() =>
    {
        server.Throttle(10);
        server.Fail(10, 503);
        server.DropStreams();
        return Task.CompletedTask;
    });

    [Fact]
    public Task A_flood_of_events_and_of_large_objects() => TrafficGoesOnAsync(async () =>
    {
        var before = MemoryOfProgram();
        var large = new string('x', 1_000_000);
        for (var round = 0; round < 20; round++)
        {
            server.Apply($"{{apiVersion: v1, kind: ConfigMap, metadata: {{name: large-{round % 5}}}, data: {{round: '{round}', a: '{large}'}}}}");
            server.Apply(string.Concat(Enumerable.Range(0, 200).Select(i => Slice(i, round))));
            server.CompactHistory();
        }

        server.Apply(ReadCluster.Ingress("last", "last.example.com"));
        await controller.AnswersAsync("last.example.com", "/", IsServed);
        Assert.InRange(MemoryOfProgram() - before, long.MinValue, 150_000_000);
    });

    /// <summary>While it happens and after it, every request is answered by the backend; then the program takes up what is new.</summary>
    private async Task TrafficGoesOnAsync(Func<Task> happens)
    {
        using var enough = new CancellationTokenSource();
        var traffic = AskAsync(enough.Token);
        await happens();
        server.Apply(ReadCluster.Ingress("b", NewHost));
        await controller.AnswersAsync(NewHost, "/", IsServed);
        await enough.CancelAsync();
        Assert.InRange(await traffic, 1, int.MaxValue);
    }

    /// <returns>How often.</returns>
    private async Task<int> AskAsync(CancellationToken enough)
    {
        var count = 0;
        do
        {
            Assert.StartsWith("200 ", await controller.AnswerAsync("a.example.com", "/"), StringComparison.Ordinal);
            count++;
        }
        while (!enough.IsCancellationRequested);

        return count;
    }

    private static bool IsServed(string answer) => answer.StartsWith("200 ", StringComparison.Ordinal);

    private static string Slice(int number, int round) =>
        $"{{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {{name: s-{number}, labels: {{kubernetes.io/service-name: flooded}}}}, addressType: IPv4, endpoints: [{{addresses: [10.0.{round}.{number}]}}]}}\n---\n";

    private long MemoryOfProgram()
    {
        using var process = Process.GetProcessById(controller.Program.Id);
        return process.WorkingSet64;
    }
}
