namespace IngressController.Cluster.Resources;

/// <summary>An object of the cluster, frozen.</summary>
public interface IResource
{
    Metadata Metadata { get; }

    ResourceKey Key { get; }
}

/// <summary>The parts of an object's metadata that mean something here. No resourceVersion: it changes when nothing else does.</summary>
/// <param name="CreationTimestamp">Decides conflicts: the oldest wins. The earliest possible time where the object has none.</param>
/// <param name="Labels">Of Secrets; others have none here.</param>
/// <param name="IsTerminating">deletionTimestamp is set.</param>
public sealed record Metadata(
    NamespacedName Name,
    string Uid,
    DateTimeOffset CreationTimestamp,
    EquatableMap<string> Labels,
    EquatableMap<string> Annotations,
    bool IsTerminating)
{
    public Metadata(string @namespace, string name)
        : this(new NamespacedName(@namespace, name), "", DateTimeOffset.MinValue, default, default, IsTerminating: false)
    {
    }
}
