using IngressController.Cluster;
using Resources = IngressController.Cluster.Resources;

namespace IngressController.Kubernetes.Wire;

/// <summary>v1 Service.</summary>
internal sealed class Service
{
    /// <summary>sessionAffinityConfig.clientIP.timeoutSeconds where it is absent.</summary>
    private const int DefaultAffinitySeconds = 10800;

    public ObjectMeta? Metadata { get; init; }

    public ServiceSpec? Spec { get; init; }

    public ServiceStatus? Status { get; init; }

    public Resources.Service ToResource() => new(
        ObjectMeta.Namespaced(Metadata),
        ToServiceType(Spec?.Type),
        Spec?.Ports.OrZero().Select(port => port.ToResource()).ToEquatableArray() ?? default,
        Spec?.AllClusterIPs().ToEquatableArray() ?? default,
        Spec?.IpFamilies.OrZero().Where(family => family is "IPv4" or "IPv6").Select(ToFamily).ToEquatableArray() ?? default,
        Spec?.ExternalName.NullIfEmpty(),
        Spec?.SessionAffinity == "ClientIP"
            ? TimeSpan.FromSeconds(Spec.SessionAffinityConfig?.ClientIP?.TimeoutSeconds ?? DefaultAffinitySeconds)
            : null,
        Spec?.ExternalIPs.OrZero().ToEquatableArray() ?? default,
        Status?.LoadBalancer?.ToAddresses() ?? default);

    private static Resources.ServiceType ToServiceType(string? text) => text switch
    {
        "NodePort" => Resources.ServiceType.NodePort,
        "LoadBalancer" => Resources.ServiceType.LoadBalancer,
        "ExternalName" => Resources.ServiceType.ExternalName,
        _ => Resources.ServiceType.ClusterIP,
    };

    private static Resources.AddressType ToFamily(string text) => text == "IPv6" ? Resources.AddressType.IPv6 : Resources.AddressType.IPv4;
}

internal sealed class ServiceSpec
{
    [GoType("v1.ServiceType")]
    public string? Type { get; init; }

    public List<ServicePort?>? Ports { get; init; }

    public string? ClusterIP { get; init; }

    public List<string?>? ClusterIPs { get; init; }

    [GoType("[]v1.IPFamily")]
    public List<string?>? IpFamilies { get; init; }

    public string? ExternalName { get; init; }

    public List<string?>? ExternalIPs { get; init; }

    [GoType("v1.ServiceAffinity")]
    public string? SessionAffinity { get; init; }

    public SessionAffinityConfig? SessionAffinityConfig { get; init; }

    /// <summary>clusterIPs, or clusterIP alone where only that is written.</summary>
    public IEnumerable<string> AllClusterIPs() => ClusterIPs is { Count: > 0 } ? ClusterIPs.OrZero() : ClusterIP.NullIfEmpty() is { } ip ? [ip] : [];
}

internal sealed class ServicePort
{
    public string? Name { get; init; }

    public int? Port { get; init; }

    [GoType("v1.Protocol")]
    public string? Protocol { get; init; }

    public string? AppProtocol { get; init; }

    [GoType("intstr.IntOrString")]
    public IntOrString? TargetPort { get; init; }

    public Resources.ServicePort ToResource() => new(Name ?? "", Port ?? 0, Protocol.NullIfEmpty() ?? "TCP", AppProtocol.NullIfEmpty());
}

internal sealed class SessionAffinityConfig
{
    public ClientIPConfig? ClientIP { get; init; }
}

internal sealed class ClientIPConfig
{
    public int? TimeoutSeconds { get; init; }
}

internal sealed class ServiceStatus
{
    public LoadBalancerStatus? LoadBalancer { get; init; }
}
