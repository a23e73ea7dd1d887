using IngressController.Cluster;

namespace IngressController.Kubernetes.Manifests;

/// <summary>What is known of a directory of manifests, and of the one in which we keep what a cluster would keep. Not thread-safe.</summary>
/// <param name="state">Null: there is none. An object that people have written goes before one that we keep.</param>
internal sealed class ManifestTrees(string directory, string? state)
{
    private readonly ManifestTree written = new(directory);
    private readonly ManifestTree? kept = state is null ? null : new(state, Path.GetFullPath(state));

    /// <summary>As <see cref="ManifestTree"/> has it: outlives a look that fails.</summary>
    private bool hasChanged;

    public bool IsRead => written.IsRead && kept is null or { IsRead: true };

    public bool IsUnsettled => written.IsUnsettled || kept is { IsUnsettled: true };

    public ObjectSet Objects { get; private set; } = ObjectSet.Empty;

    /// <summary>All problems, in their one order.</summary>
    public EquatableArray<Problem> Problems { get; private set; }

    public void Look()
    {
        hasChanged |= written.Look();
        hasChanged |= kept?.Look() ?? false;
        if (!hasChanged)
        {
            return;
        }

        if (kept is null)
        {
            (Objects, Problems) = (written.Objects, written.Problems);
        }
        else
        {
            Objects = written.Objects.Over(kept.Objects);
            Problems = written.Problems.Concat(kept.Problems).Concat(Objects.Duplicates).Order().ToEquatableArray();
        }

        hasChanged = false;
    }
}
