using IngressController.Cluster;
using Resources = IngressController.Cluster.Resources;

namespace IngressController.Kubernetes.Wire;

/// <summary>networking.k8s.io/v1 Ingress.</summary>
[UnreadFields("apiVersion", "kind")]
internal sealed class Ingress
{
    public ObjectMeta? Metadata { get; init; }

    public IngressSpec? Spec { get; init; }

    public IngressStatus? Status { get; init; }

    public Resources.Ingress ToResource() => new(
        ObjectMeta.Namespaced(Metadata),
        Spec?.IngressClassName.NullIfEmpty(),
        Spec?.DefaultBackend?.ToResource(),
        Spec?.Rules.OrZero().Select(rule => rule.ToResource()).ToEquatableArray() ?? default,
        Spec?.Tls.OrZero().Select(tls => tls.ToResource()).ToEquatableArray() ?? default,
        Status?.LoadBalancer?.ToAddresses() ?? default,
        Metadata?.ManagedFields?.Manager);
}

internal sealed class IngressSpec
{
    public string? IngressClassName { get; init; }

    public IngressBackend? DefaultBackend { get; init; }

    public List<IngressRule?>? Rules { get; init; }

    public List<IngressTLS?>? Tls { get; init; }
}

internal sealed class IngressRule
{
    public string? Host { get; init; }

    public HTTPIngressRuleValue? Http { get; init; }

    public Resources.IngressRule ToResource() => new(
        Host.NullIfEmpty(),
        Http?.Paths.OrZero().Select(path => path.ToResource()).ToEquatableArray() ?? default);
}

internal sealed class HTTPIngressRuleValue
{
    public List<HTTPIngressPath?>? Paths { get; init; }
}

internal sealed class HTTPIngressPath
{
    public string? Path { get; init; }

    [GoType("v1.PathType")]
    public string? PathType { get; init; }

    public IngressBackend? Backend { get; init; }

    public Resources.IngressPath ToResource() => new(Path, ToPathType(PathType), Backend?.ToResource());

    private static Resources.PathType? ToPathType(string? text) => text switch
    {
        "Exact" => Resources.PathType.Exact,
        "Prefix" => Resources.PathType.Prefix,
        "ImplementationSpecific" => Resources.PathType.ImplementationSpecific,
        _ => null,
    };
}

internal sealed class IngressBackend
{
    public IngressServiceBackend? Service { get; init; }

    public TypedLocalObjectReference? Resource { get; init; }

    public Resources.IngressBackend ToResource() => new(Service?.ToResource(), Resource?.ToResource());
}

internal sealed class IngressServiceBackend
{
    public string? Name { get; init; }

    public ServiceBackendPort? Port { get; init; }

    public Resources.ServiceBackend ToResource() => new(Name ?? "", new Resources.PortReference(Port?.Name.NullIfEmpty(), Port?.Number ?? 0));
}

internal sealed class ServiceBackendPort
{
    public string? Name { get; init; }

    public int? Number { get; init; }
}

internal sealed class TypedLocalObjectReference
{
    public string? ApiGroup { get; init; }

    public string? Kind { get; init; }

    public string? Name { get; init; }

    public Resources.TypedReference ToResource() => new(ApiGroup.NullIfEmpty(), Kind ?? "", Name ?? "");
}

internal sealed class IngressTLS
{
    public List<string?>? Hosts { get; init; }

    public string? SecretName { get; init; }

    public Resources.IngressTls ToResource() => new(Hosts.OrZero().ToEquatableArray(), SecretName.NullIfEmpty());
}

internal sealed class IngressStatus
{
    public LoadBalancerStatus? LoadBalancer { get; init; }
}
