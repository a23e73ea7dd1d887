using Resources = IngressController.Cluster.Resources;

namespace IngressController.Kubernetes.Wire;

/// <summary>v1 Namespace.</summary>
internal sealed class Namespace
{
    public ObjectMeta? Metadata { get; init; }

    public Resources.Namespace ToResource() => new(ObjectMeta.ClusterScoped(Metadata));
}
