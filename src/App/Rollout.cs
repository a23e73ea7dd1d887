using IngressController.App.Metrics;
using IngressController.Cluster;
using IngressController.Cluster.Resources;
using IngressController.Routing.Model;
using IngressController.Routing.Translation;

namespace IngressController.App;

/// <summary>
/// Carries changes to the data plane: snapshot, translation, apply. Belongs to one thread. When a step throws, what is live may be half new; the next
/// call then rebuilds everything and applies every host and backend that was or is or may be live, so that nothing of the failure remains.
/// </summary>
/// <param name="apply">Makes a change live.</param>
/// <param name="live">What is wrong that only shows when a change is made live; null: nothing ever.</param>
/// <param name="failedTries">How often in a row some of that was the same, and may pass by itself; null: never.</param>
internal sealed class Rollout(
    TranslationOptions options, Action<RoutingChange> apply, Func<EquatableArray<Problem>>? live = null, Func<int>? failedTries = null, ConfigurationMetrics? metrics = null)
{
    private readonly ClusterStore store = new();
    /// <summary>The change of a step that threw; null where there is none.</summary>
    private RoutingChange? doubtful;

    public EquatableArray<Problem> LiveProblems => live?.Invoke() ?? [];

    /// <summary>Above 0, <see cref="Apply"/> is worth another try, also without news.</summary>
    public int FailedTries => failedTries?.Invoke() ?? 0;

    public ClusterSnapshot Snapshot => store.Current;

    /// <summary>The last one that was applied whole.</summary>
    public Translation Translation { get; private set; } = Translation.Start(options);

    /// <summary>After an exception the same changes may be given again.</summary>
    /// <returns>The model before, and what was applied.</returns>
    public (RoutingModel Before, RoutingChange Change) Apply(IEnumerable<ResourceChange> changes)
    {
        var (before, began) = (Translation.Model, metrics?.Now ?? 0);
        var failed = doubtful;
        doubtful ??= new(before, [], []);
        var change = store.Apply(changes);
        var step = failed is null ? Translation.Next(change) : Translation.Start(options).Next(Everything(store.Current));
        var routing = failed is null ? step.Change : step.Change.After(failed).After(RoutingChange.ToNothing(before));
        doubtful = routing;
        var translated = metrics?.Now ?? 0;
        apply(routing);
        metrics?.Applied(change, began, translated);
        Translation = step.Translation;
        doubtful = null;
        return (before, routing);
    }

    /// <summary>The change that leads from nothing to a snapshot.</summary>
    private static ClusterChange Everything(ClusterSnapshot snapshot) => new ClusterStore().Apply(
        snapshot.Ingresses.Values.Cast<IResource>()
            .Concat(snapshot.IngressClasses.Values)
            .Concat(snapshot.Services.Values)
            .Concat(snapshot.EndpointSlices.Values)
            .Concat(snapshot.Secrets.Values)
            .Concat(snapshot.ConfigMaps.Values)
            .Concat(snapshot.Namespaces.Values)
            .Select(resource => new ResourceChange(resource.Key, resource)));
}
