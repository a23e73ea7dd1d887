using IngressController.Cluster;
using IngressController.Cluster.Resources;

namespace IngressController.Kubernetes.Status;

/// <summary>
/// Which entries of a status are ours. The list is atomic, so by metadata.managedFields it is ours or another's as a whole; but another may have kept our entries
/// when it added its own.
/// </summary>
internal static class OwnEntries
{
    /// <param name="entries">status.loadBalancer.ingress as it stands; ports do not matter here.</param>
    /// <param name="manager">Who wrote it; null where that is not known.</param>
    /// <param name="us">Our name as a manager.</param>
    /// <param name="known">What was ours when we last looked.</param>
    public static EquatableArray<LoadBalancerAddress> In(EquatableArray<LoadBalancerAddress> entries, string? manager, string us, EquatableArray<LoadBalancerAddress> known)
    {
        if (manager == us)
        {
            return entries;
        }

        var kept = entries.Where(entry => known.Any(own => IsSame(entry, own))).ToEquatableArray();
        var isAddition = kept.Count == known.Count && kept.Count < entries.Count;
        return isAddition || IsNobody(manager) ? kept : []; // a list without an addition is the other's own, even behind an address like ours
    }

    /// <summary>Nobody else who says so; maybe us, before we did.</summary>
    public static bool IsNobody(string? manager) => manager is null or PublishOptions.Unnamed;

    private static bool IsSame(LoadBalancerAddress one, LoadBalancerAddress other) => (one.Ip, one.Hostname) == (other.Ip, other.Hostname);
}
