using IngressController.Cluster;
using IngressController.Cluster.Resources;

namespace IngressController.Kubernetes.Wire;

/// <summary>status.loadBalancer of Ingresses and Services.</summary>
internal sealed class LoadBalancerStatus
{
    public List<LoadBalancerIngress?>? Ingress { get; init; }

    public EquatableArray<LoadBalancerAddress> ToAddresses() =>
        Ingress.OrZero().Select(address => new LoadBalancerAddress(address.Ip.NullIfEmpty(), address.Hostname.NullIfEmpty())).ToEquatableArray();
}

[UnreadFields("ports", "ipMode")]
internal sealed class LoadBalancerIngress
{
    public string? Ip { get; init; }

    public string? Hostname { get; init; }
}
