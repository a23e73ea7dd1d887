namespace IngressController.Cluster.Resources;

/// <summary>networking.k8s.io/v1 IngressClass (cluster-scoped).</summary>
/// <param name="Controller">spec.controller: which controller serves the Ingresses of this class.</param>
/// <param name="IsDefault">The annotation ingressclass.kubernetes.io/is-default-class is "true".</param>
public sealed record IngressClass(Metadata Metadata, string Controller, bool IsDefault) : IResource
{
    public ResourceKey Key => new(ResourceKind.IngressClass, Metadata.Name);
}
