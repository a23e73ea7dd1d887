using IngressController.Cluster;
using IngressController.Kubernetes.Manifests.Decoding;
using IngressController.Kubernetes.Manifests.Documents;

namespace IngressController.Kubernetes.Manifests;

/// <summary>What stands in a directory of manifests.</summary>
/// <param name="Directory">Where it was read.</param>
/// <param name="Changes">Every good object, in the order of the keys.</param>
/// <param name="Problems">What is wrong with the files and objects, in the order of problems; files relative to the directory, those of the state in full.</param>
/// <param name="Origins">Where each object of <paramref name="Changes"/> stands.</param>
public sealed record ManifestReading(
    string Directory,
    EquatableArray<ResourceChange> Changes,
    EquatableArray<Problem> Problems,
    IReadOnlyDictionary<ResourceKey, Origin> Origins)
{
    /// <summary>Problems that were found later, with the files and lines of their fields; those that have them keep them. Opens each of these files once more: lines of fields are asked for rarely.</summary>
    public IEnumerable<Problem> Locate(IEnumerable<Problem> problems)
    {
        foreach (var file in problems.GroupBy(problem => problem is { File: "", Object: { } key } ? Origins.GetValueOrDefault(key).File : null))
        {
            var objects = file.Key is null ? null : ManifestFile.ObjectsByLine(Path.Combine(Directory, file.Key));
            foreach (var problem in file)
            {
                yield return objects is null ? problem : Locate(problem, Origins[problem.Object!.Value], objects);
            }
        }
    }

    private static Problem Locate(Problem problem, Origin origin, IReadOnlyDictionary<int, Node> objects)
    {
        var line = objects.TryGetValue(origin.Line, out var node) ? node.LineOf(FieldPath.Parse(problem.Field)) : origin.Line;
        return problem with { File = origin.File, Line = line };
    }
}

/// <summary>Reads a directory of manifests once, as <see cref="DirectorySource"/> reads it at the start.</summary>
public static class ManifestDirectory
{
    /// <summary>Every .yaml, .yml and .json file under the directory. Never throws for what stands there; a missing directory is a Problem.</summary>
    /// <param name="state">A <see cref="StateDirectory"/>, which is read too; null: none.</param>
    public static ManifestReading Read(string directory, string? state = null)
    {
        var trees = new ManifestTrees(directory, state);
        trees.Look();
        return new(
            directory,
            trees.Objects.ChangesSince(ObjectSet.Empty),
            trees.Problems,
            trees.Objects.Resources.ToDictionary(item => item.Key, item => item.Value.Origin));
    }
}
