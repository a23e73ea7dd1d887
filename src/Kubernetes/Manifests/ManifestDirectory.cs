using IngressController.Cluster;

namespace IngressController.Kubernetes.Manifests;

/// <summary>What stands in a directory of manifests.</summary>
/// <param name="Changes">Every good object, in the order of the keys.</param>
/// <param name="Problems">What is wrong with the files and objects, in the order of problems; files relative to the directory.</param>
/// <param name="Origins">Where each object of <paramref name="Changes"/> stands.</param>
public sealed record ManifestReading(
    EquatableArray<ResourceChange> Changes,
    EquatableArray<Problem> Problems,
    IReadOnlyDictionary<ResourceKey, Origin> Origins);

/// <summary>Reads a directory of manifests once, as <see cref="DirectorySource"/> reads it at the start.</summary>
public static class ManifestDirectory
{
    /// <summary>Every .yaml, .yml and .json file under the directory. Never throws for what stands there; a missing directory is a Problem.</summary>
    public static ManifestReading Read(string directory)
    {
        var tree = new ManifestTree(directory);
        tree.Look();
        return new(
            tree.Objects.ChangesSince(ObjectSet.Empty),
            tree.Problems,
            tree.Objects.Resources.ToDictionary(item => item.Key, item => item.Value.Origin));
    }
}
