using IngressController.Cluster;

namespace IngressController.Kubernetes.Manifests.Decoding;

/// <summary>What one look at a file found.</summary>
/// <param name="Objects">The good ones, in the file's order.</param>
/// <param name="Refused">Objects that stand in the file and are not good.</param>
/// <param name="IsComplete">False where part of the file could not be read so far as to know which objects stand in it.</param>
internal sealed record FileReading(
    IReadOnlyList<ManifestObject> Objects,
    IReadOnlySet<ManifestId> Refused,
    bool IsComplete,
    IReadOnlyList<Problem> Problems)
{
    public static FileReading Empty { get; } = new([], new HashSet<ManifestId>(), IsComplete: true, []);

    /// <summary>
    /// These objects, and of the earlier ones those that a mistake in the file hides now: a refused object keeps its last good version, and
    /// where it is not known what a broken document held, nothing that was there goes.
    /// </summary>
    public FileReading KeepLastGood(FileReading earlier)
    {
        if (IsComplete && Refused.Count == 0)
        {
            return this;
        }

        var good = Objects.Select(item => item.Id).ToHashSet();
        var kept = earlier.Objects.Where(item => !good.Contains(item.Id) && (!IsComplete || Refused.Contains(item.Id)));
        return this with { Objects = [.. Objects, .. kept] };
    }
}
