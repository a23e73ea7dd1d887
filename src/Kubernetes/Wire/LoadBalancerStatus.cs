using IngressController.Cluster;
using IngressController.Cluster.Resources;

namespace IngressController.Kubernetes.Wire;

/// <summary>status.loadBalancer of Ingresses and Services.</summary>
internal sealed class LoadBalancerStatus
{
    public List<LoadBalancerIngress?>? Ingress { get; init; }

    public EquatableArray<LoadBalancerAddress> ToAddresses() =>
        Ingress.OrZero().Select(address => address.ToAddress()).ToEquatableArray();
}

[UnreadFields("ipMode")]
internal sealed class LoadBalancerIngress
{
    public string? Ip { get; init; }

    public string? Hostname { get; init; }

    public List<PortStatus?>? Ports { get; init; }

    public LoadBalancerAddress ToAddress() => new(
        Ip.NullIfEmpty(),
        Hostname.NullIfEmpty(),
        Ports.OrZero().Select(port => new LoadBalancerPort(port.Port ?? 0, port.Protocol.NullIfEmpty() ?? "TCP", port.Error.NullIfEmpty())).ToEquatableArray());
}

internal sealed class PortStatus
{
    public int? Port { get; init; }

    [GoType("v1.Protocol")]
    public string? Protocol { get; init; }

    public string? Error { get; init; }
}
