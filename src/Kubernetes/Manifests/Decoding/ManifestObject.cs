using IngressController.Cluster;
using IngressController.Cluster.Resources;

namespace IngressController.Kubernetes.Manifests.Decoding;

/// <summary>The identity of an object of a manifest: also of an Endpoints, which becomes EndpointSlices.</summary>
internal readonly record struct ManifestId(string Kind, NamespacedName Name)
{
    /// <summary>Null for Endpoints.</summary>
    public ResourceKey? Key => Enum.TryParse<ResourceKind>(Kind, out var kind) ? new ResourceKey(kind, Name) : null;

    public override string ToString() => $"{Kind} {Name}";
}

/// <param name="Resources">One, except for an Endpoints, which is mirrored into any number of slices.</param>
internal sealed record ManifestObject(ManifestId Id, Origin Origin, EquatableArray<IResource> Resources);
