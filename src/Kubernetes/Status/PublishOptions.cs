using System.Net;
using IngressController.Cluster;
using IngressController.Cluster.Resources;

namespace IngressController.Kubernetes.Status;

/// <summary>What the status of our Ingresses shows.</summary>
/// <param name="Service">Whose addresses; null: none's.</param>
/// <param name="Addresses">Instead of a Service's, if there are any.</param>
public sealed record PublishOptions(NamespacedName? Service, EquatableArray<LoadBalancerAddress> Addresses)
{
    /// <summary>What the API server calls us where we give no name: the first word of User-Agent. Others may be called the same.</summary>
    public const string Unnamed = "ingress-controller";

    /// <summary>The field manager of what we write: the same for all replicas of an installation and another for every other, at most 128 characters.</summary>
    public string Manager { get; init; } = Unnamed;

    /// <summary>The entry for an IP address or a DNS name: the API server takes neither in the other's field.</summary>
    public static LoadBalancerAddress Entry(string address) =>
        IPAddress.TryParse(address, out _) ? new(address, null) : new(null, address);
}
