namespace IngressController.Cluster.Resources;

/// <summary>v1 ConfigMap, text entries only.</summary>
public sealed record ConfigMap(Metadata Metadata, EquatableMap<string> Data) : IResource
{
    public ResourceKey Key => new(ResourceKind.ConfigMap, Metadata.Name);
}
