namespace IngressController.Cluster.Resources;

/// <summary>v1 Secret.</summary>
public sealed record Secret(Metadata Metadata, string Type, EquatableMap<EquatableArray<byte>> Data) : IResource
{
    public ResourceKey Key => new(ResourceKind.Secret, Metadata.Name);

    /// <summary>Secrets never print their data.</summary>
    public override string ToString() => $"{Key} ({Type})";
}
