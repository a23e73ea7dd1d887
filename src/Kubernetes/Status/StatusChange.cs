using IngressController.Cluster;
using IngressController.Cluster.Resources;

namespace IngressController.Kubernetes.Status;

/// <summary>An Ingress whose status is not what it should be.</summary>
/// <param name="Uid">So that a namesake that came later is left alone; empty where it is not known.</param>
/// <param name="Wanted">The whole list as it should be, by what is known here.</param>
/// <param name="Withdrawn">
/// For an Ingress that is no longer ours: which entries to remove. Others may be writing its status by now, so it is read again before it is written.
/// Empty for an Ingress that is ours.
/// </param>
internal sealed record StatusChange(
    NamespacedName Name, string Uid, EquatableArray<LoadBalancerAddress> Wanted, EquatableArray<LoadBalancerAddress> Withdrawn);
