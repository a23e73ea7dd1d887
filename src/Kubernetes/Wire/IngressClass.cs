using Resources = IngressController.Cluster.Resources;

namespace IngressController.Kubernetes.Wire;

/// <summary>networking.k8s.io/v1 IngressClass; v1beta1 is the same.</summary>
[UnreadFields("apiVersion", "kind")]
internal sealed class IngressClass
{
    public ObjectMeta? Metadata { get; init; }

    public IngressClassSpec? Spec { get; init; }

    public Resources.IngressClass ToResource()
    {
        var metadata = ObjectMeta.ClusterScoped(Metadata);
        return new(metadata, Spec?.Controller ?? "", metadata.Annotations.GetValueOrDefault("ingressclass.kubernetes.io/is-default-class") == "true");
    }
}

internal sealed class IngressClassSpec
{
    public string? Controller { get; init; }

    public IngressClassParametersReference? Parameters { get; init; }
}

internal sealed class IngressClassParametersReference
{
    public string? ApiGroup { get; init; }

    public string? Kind { get; init; }

    public string? Name { get; init; }

    public string? Scope { get; init; }

    public string? Namespace { get; init; }
}
