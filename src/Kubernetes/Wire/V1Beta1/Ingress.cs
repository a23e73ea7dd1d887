using System.Text.Json.Serialization;

namespace IngressController.Kubernetes.Wire.V1Beta1;

/// <summary>networking.k8s.io/v1beta1 and extensions/v1beta1 Ingress, served until Kubernetes 1.21.</summary>
[UnreadFields("apiVersion", "kind")]
internal sealed class Ingress
{
    public ObjectMeta? Metadata { get; init; }

    public IngressSpec? Spec { get; init; }

    public IngressStatus? Status { get; init; }

    /// <summary>The same object as networking.k8s.io/v1 says it.</summary>
    public Wire.Ingress ToV1() => new()
    {
        Metadata = Metadata,
        Spec = Spec?.ToV1(),
        Status = Status,
    };
}

internal sealed class IngressSpec
{
    public string? IngressClassName { get; init; }

    public IngressBackend? Backend { get; init; }

    public List<IngressRule?>? Rules { get; init; }

    public List<IngressTLS?>? Tls { get; init; }

    public Wire.IngressSpec ToV1() => new()
    {
        IngressClassName = IngressClassName,
        DefaultBackend = Backend?.ToV1(),
        Rules = Rules?.Select(rule => rule?.ToV1()).ToList(),
        Tls = Tls,
    };
}

internal sealed class IngressRule
{
    public string? Host { get; init; }

    public HTTPIngressRuleValue? Http { get; init; }

    public Wire.IngressRule ToV1() => new() { Host = Host, Http = Http?.ToV1() };
}

internal sealed class HTTPIngressRuleValue
{
    public List<HTTPIngressPath?>? Paths { get; init; }

    public Wire.HTTPIngressRuleValue ToV1() => new() { Paths = Paths?.Select(path => path?.ToV1()).ToList() };
}

internal sealed class HTTPIngressPath
{
    public string? Path { get; init; }

    [GoType("v1beta1.PathType")]
    public string? PathType { get; init; }

    public IngressBackend? Backend { get; init; }

    public Wire.HTTPIngressPath ToV1() => new() { Path = Path, PathType = PathType ?? "ImplementationSpecific", Backend = Backend?.ToV1() };
}

internal sealed class IngressBackend
{
    public string? ServiceName { get; init; }

    [GoType("intstr.IntOrString")]
    public IntOrString? ServicePort { get; init; }

    public TypedLocalObjectReference? Resource { get; init; }

    public Wire.IngressBackend ToV1() => new() { Service = HasService ? ToServiceBackend() : null, Resource = Resource };

    private bool HasService => !string.IsNullOrEmpty(ServiceName) || ServicePort is { IsZero: false };

    private IngressServiceBackend ToServiceBackend() => new()
    {
        Name = ServiceName,
        Port = new ServiceBackendPort { Name = ServicePort?.Text, Number = ServicePort?.Number },
    };
}

/// <summary>Generated readers of the old version's JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, MaxDepth = WireContext.MaximumDepth)]
[JsonSerializable(typeof(Ingress))]
internal sealed partial class V1Beta1Context : JsonSerializerContext;
