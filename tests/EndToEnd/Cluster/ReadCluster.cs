using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Threading.Channels;
using IngressController.Cluster;
using IngressController.Kubernetes.Api;
using IngressController.Kubernetes.Watching;
using IngressController.Testing;
using IngressController.Testing.ApiServer;
using IngressController.Testing.Clusters;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace IngressController.EndToEnd.Cluster;

/// <summary>An API server, and what the source has told about it so far.</summary>
internal sealed class ReadCluster : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly ClusterStore store = new();
    private readonly ApiClient client;
    private readonly FakeApiServer? server;
    private readonly TemporaryDirectory? directory;
    private readonly Task reading;
    private readonly IMeterFactory meters = new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();
    private readonly ManualClock? clock;

    private ReadCluster(FakeApiServer? server, TemporaryDirectory? directory, string kubeconfig, ReadingOptions options, ManualClock? clock)
    {
        (this.server, this.directory, this.clock) = (server, directory, clock);
        Readings = new(meters);
        client = new ApiClient(ApiConnection.FromKubeconfig([kubeconfig]), (TimeProvider?)clock ?? TimeProvider.System, NullLogger<ApiClient>.Instance);
        var source = new ClusterSource(client, options, (TimeProvider?)clock ?? TimeProvider.System, NullLogger<ClusterSource>.Instance, new(meters));
        var updates = Channel.CreateBounded<SourceUpdate>(64);
        reading = Task.WhenAll(source.RunAsync(updates.Writer, stop.Token), TakeAsync(updates.Reader));
    }

    /// <summary>The fake; there is none in a reading of <see cref="TestCluster"/>.</summary>
    public FakeApiServer Server => server!;

    public ClusterSnapshot Snapshot { get; private set; } = ClusterSnapshot.Empty;

    public IReadOnlyList<Problem> Problems { get; private set; } = [];

    public bool IsSynced { get; private set; }

    public MeterReadings Readings { get; }

    /// <summary>When what was told last had come, where it says.</summary>
    public long? Came { get; private set; }

    /// <summary>Everything that was told, in order.</summary>
    public ConcurrentQueue<ResourceChange> Told { get; } = new();

    /// <param name="clock">The source's; where it is given, <see cref="BecomesAsync"/> moves it on while it waits.</param>
    public static async Task<ReadCluster> StartAsync(
        Action<FakeApiServer>? prepare = null, bool tls = false, Func<FakeApiServer, string>? kubeconfig = null, ReadingOptions? options = null, ManualClock? clock = null, TimeProvider? serverClock = null)
    {
        var server = await FakeApiServer.StartAsync(tls, serverClock);
        prepare?.Invoke(server);
        var directory = new TemporaryDirectory();
        directory.Write("config", kubeconfig?.Invoke(server) ?? server.Kubeconfig());
        return new(server, directory, directory.File("config"), options ?? new(), clock);
    }

    /// <summary>Of the test's namespace in a cluster that may be real.</summary>
    /// <param name="kubeconfig">The admin's where null.</param>
    public static ReadCluster Of(TestCluster cluster, string? kubeconfig = null) =>
        new(null, null, kubeconfig ?? cluster.Kubeconfig, new() { Namespaces = [cluster.Namespace] }, null);

    public Task SyncedAsync() => BecomesAsync(() => IsSynced, "synced");

    public async Task BecomesAsync(Func<bool> condition, string what)
    {
        try
        {
            await Eventually.TrueAsync(
                () =>
                {
                    clock?.Advance(TimeSpan.FromMilliseconds(100));
                    return condition();
                },
                what);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{e.Message}; problems: {string.Join("; ", Problems)}", e);
        }
    }

    /// <summary>Everything was listed and is watched.</summary>
    public Task WatchingAsync() => BecomesAsync(() => IsSynced && Server.OpenStreams == 8, "eight watches");

    public Task HasIngressesAsync(params string[] names) => BecomesAsync(
        () => IsSynced && Snapshot.Ingresses.Keys.Select(key => key.ToString()).Order(StringComparer.Ordinal).SequenceEqual(names), $"the Ingresses {string.Join(", ", names)}");

    public static string Ingress(string name, string host = "a.example.com") => $$$$$"""
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: {name: {{{{{name}}}}}}
        spec:
          ingressClassName: yarp
          rules:
          - host: {{{{{host}}}}}
            http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}
        ---

        """;

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await reading;
        client.Dispose();
        Readings.Dispose();
        meters.Dispose();
        stop.Dispose();
        await (server?.DisposeAsync() ?? ValueTask.CompletedTask);
        directory?.Dispose();
    }

    private async Task TakeAsync(ChannelReader<SourceUpdate> updates)
    {
        try
        {
            await foreach (var update in updates.ReadAllAsync(stop.Token))
            {
                foreach (var change in update.Changes)
                {
                    Told.Enqueue(change);
                }

                Came = update.Came;
                Snapshot = store.Apply(update.Changes).Snapshot;
                (Problems, IsSynced) = (update.Problems, update.IsSynced);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }
}
