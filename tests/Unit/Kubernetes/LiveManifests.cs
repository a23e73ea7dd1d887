using System.Threading.Channels;
using IngressController.Cluster;
using IngressController.Kubernetes.Manifests;
using Microsoft.Extensions.Logging.Abstractions;

namespace IngressController.Unit.Kubernetes;

/// <summary>A running directory source and everything it has told.</summary>
internal sealed class LiveManifests : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private readonly Channel<SourceUpdate> updates = Channel.CreateUnbounded<SourceUpdate>();
    private readonly CancellationTokenSource stop = new();
    private readonly ClusterStore store = new();
    private readonly Task running;

    public LiveManifests(string directory, string? state = null) =>
        running = new DirectorySource(directory, state, TimeProvider.System, NullLogger<DirectorySource>.Instance).RunAsync(updates.Writer, stop.Token);

    public ClusterSnapshot Cluster => store.Current;

    public EquatableArray<Problem> Problems { get; private set; }

    public bool IsSynced { get; private set; }

    /// <summary>The keys of all changes so far, in the order they were told.</summary>
    public List<string> Changes { get; } = [];

    /// <summary>The value that <see cref="Yaml.ConfigMap"/> wrote; null where there is no such object.</summary>
    public string? ValueOf(string configMap) =>
        Cluster.ConfigMaps.GetValueOrDefault(new NamespacedName("default", configMap))?.Data.GetValueOrDefault("key");

    /// <summary>Takes updates until it is so; fails at the deadline.</summary>
    public async Task Until(Func<LiveManifests, bool> condition)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        while (!condition(this))
        {
            var update = await updates.Reader.ReadAsync(deadline.Token);
            store.Apply(update.Changes);
            Changes.AddRange(update.Changes.Select(change => change.Key.ToString()));
            (Problems, IsSynced) = (update.Problems, update.IsSynced);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await running.WaitAsync(Deadline);
        stop.Dispose();
    }
}
