using IngressController.Cluster;
using IngressController.Cluster.Resources;
using IngressController.Kubernetes.Manifests.Decoding;

namespace IngressController.Kubernetes.Manifests;

/// <summary>What all files together say: of every object the one in the first path, and Endpoints mirrored where a Service has no slices.</summary>
internal sealed record ObjectSet(IReadOnlyDictionary<ResourceKey, (IResource Resource, Origin Origin)> Resources, IReadOnlyList<Problem> Duplicates)
{
    public static ObjectSet Empty { get; } = new(new Dictionary<ResourceKey, (IResource, Origin)>(), []);

    /// <param name="files">In the order of their paths.</param>
    public static ObjectSet Of(IEnumerable<FileReading> files)
    {
        var first = new Dictionary<ManifestId, ManifestObject>();
        var duplicates = new List<Problem>();
        foreach (var item in files.SelectMany(file => file.Objects))
        {
            if (!first.TryAdd(item.Id, item))
            {
                duplicates.Add(Duplicate(item.Id, (item.Resources is [var hidden, ..] ? hidden : null, item.Origin), first[item.Id].Origin));
            }
        }

        var resources = new Dictionary<ResourceKey, (IResource, Origin)>(first.Count);
        var withSlices = new HashSet<NamespacedName>();
        foreach (var item in first.Values.Where(item => item.Id.Key is not null))
        {
            resources[item.Id.Key!.Value] = (item.Resources[0], item.Origin);
            if (item.Resources[0] is EndpointSlice { ServiceName: { } service })
            {
                withSlices.Add(new(item.Id.Name.Namespace, service));
            }
        }

        foreach (var endpoints in first.Values.Where(item => item.Id.Key is null && !withSlices.Contains(item.Id.Name)))
        {
            foreach (var slice in endpoints.Resources)
            {
                resources.TryAdd(slice.Key, (slice, endpoints.Origin));
            }
        }

        return new(resources, duplicates);
    }

    /// <summary>The objects of both; where both have one, this set's. Duplicates are then those that stand in both.</summary>
    public ObjectSet Over(ObjectSet lower)
    {
        var resources = new Dictionary<ResourceKey, (IResource Resource, Origin Origin)>(lower.Resources);
        var duplicates = new List<Problem>();
        foreach (var (key, item) in Resources)
        {
            if (resources.TryGetValue(key, out var hidden))
            {
                duplicates.Add(Duplicate(new(key.Kind.ToString(), key.Name), hidden, item.Origin));
            }

            resources[key] = item;
        }

        return new(resources, duplicates);
    }

    /// <summary>What changed since the earlier set, in the order of the keys. Objects that are equal did not change.</summary>
    public EquatableArray<ResourceChange> ChangesSince(ObjectSet earlier)
    {
        if (ReferenceEquals(this, earlier))
        {
            return [];
        }

        var changes = new List<ResourceChange>();
        foreach (var (key, now) in Resources)
        {
            if (!earlier.Resources.TryGetValue(key, out var before) || (!ReferenceEquals(before.Resource, now.Resource) && !before.Resource.Equals(now.Resource)))
            {
                changes.Add(new(key, now.Resource));
            }
        }

        changes.AddRange(earlier.Resources.Keys.Where(key => !Resources.ContainsKey(key)).Select(key => new ResourceChange(key, null)));
        return changes.OrderBy(change => change.Key).ToEquatableArray();
    }

    private static Problem Duplicate(ManifestId id, (IResource? Resource, Origin Origin) hidden, Origin winner) => new(
        ProblemCode.DuplicateObject,
        Severity.Error,
        id.Key,
        Field: "",
        $"{id} already stands in {winner.File}:{winner.Line}, which is served",
        "Remove one of the two",
        hidden.Origin.File,
        hidden.Origin.Line,
        hidden.Resource is Ingress ingress ? HostsOf(ingress) : []);

    private static EquatableArray<string> HostsOf(Ingress ingress) =>
        ingress.Rules.IsEmpty ? [""] : [.. ingress.Rules.Select(rule => rule.Host ?? "").Distinct()];
}
