using IngressController.Cluster;
using IngressController.Cluster.Resources;

namespace IngressController.Kubernetes.Status;

/// <summary>Under which addresses the data plane is to be had.</summary>
internal static class PublishedAddresses
{
    /// <summary>Null where that is not known, because nothing was asked for or the Service is not there: then what stands in the cluster stays.</summary>
    public static EquatableArray<LoadBalancerAddress>? Of(PublishOptions options, ClusterSnapshot snapshot)
    {
        if (!options.Addresses.IsEmpty)
        {
            return options.Addresses.Distinct().ToEquatableArray();
        }

        return options.Service is { } name && snapshot.Services.TryGetValue(name, out var service) ? Of(service) : null;
    }

    private static EquatableArray<LoadBalancerAddress> Of(Service service)
    {
        var external = service.ExternalIPs.Select(PublishOptions.Entry);
        var addresses = service.Type switch
        {
            ServiceType.ExternalName => service.ExternalName is { } name ? [PublishOptions.Entry(name.TrimEnd('.'))] : [],
            ServiceType.LoadBalancer => service.Addresses.Where(IsUsable).Concat(external),
            _ => service.ExternalIPs.IsEmpty
                ? service.ClusterIPs.Where(address => address is not ("None" or "")).Select(PublishOptions.Entry)
                : external,
        };
        return addresses.DistinctBy(address => (address.Ip, address.Hostname)).ToEquatableArray();
    }

    private static bool IsUsable(LoadBalancerAddress address) => (address.Ip ?? address.Hostname) is not null;
}
