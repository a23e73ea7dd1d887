namespace IngressController.Cluster.Resources;

/// <summary>v1 Namespace; <see cref="Metadata.IsTerminating"/> says whether it is being deleted.</summary>
public sealed record Namespace(Metadata Metadata) : IResource
{
    public ResourceKey Key => new(ResourceKind.Namespace, Metadata.Name);
}
