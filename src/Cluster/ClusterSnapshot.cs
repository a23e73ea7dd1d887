using System.Collections.Immutable;
using IngressController.Cluster.Resources;

namespace IngressController.Cluster;

/// <summary>Everything known about the cluster at one moment, frozen.</summary>
public sealed record ClusterSnapshot
{
    public static ClusterSnapshot Empty { get; } = new();

    public ImmutableDictionary<NamespacedName, Ingress> Ingresses { get; init; } = ImmutableDictionary<NamespacedName, Ingress>.Empty;

    /// <summary>By name; the namespace of the key is empty.</summary>
    public ImmutableDictionary<NamespacedName, IngressClass> IngressClasses { get; init; } = ImmutableDictionary<NamespacedName, IngressClass>.Empty;

    public ImmutableDictionary<NamespacedName, Service> Services { get; init; } = ImmutableDictionary<NamespacedName, Service>.Empty;

    public ImmutableDictionary<NamespacedName, EndpointSlice> EndpointSlices { get; init; } = ImmutableDictionary<NamespacedName, EndpointSlice>.Empty;

    /// <summary>The slices of each Service, in the order of their names. A Service without slices is absent.</summary>
    public ImmutableDictionary<NamespacedName, ImmutableSortedDictionary<string, EndpointSlice>> SlicesByService { get; init; } =
        ImmutableDictionary<NamespacedName, ImmutableSortedDictionary<string, EndpointSlice>>.Empty;

    public ImmutableDictionary<NamespacedName, Secret> Secrets { get; init; } = ImmutableDictionary<NamespacedName, Secret>.Empty;

    public ImmutableDictionary<NamespacedName, ConfigMap> ConfigMaps { get; init; } = ImmutableDictionary<NamespacedName, ConfigMap>.Empty;

    /// <summary>By name; the namespace of the key is empty.</summary>
    public ImmutableDictionary<NamespacedName, Namespace> Namespaces { get; init; } = ImmutableDictionary<NamespacedName, Namespace>.Empty;

    /// <summary>For whoever keeps a snapshot for long and does not ask for endpoints.</summary>
    public ClusterSnapshot WithoutEndpoints() => this with { EndpointSlices = Empty.EndpointSlices, SlicesByService = Empty.SlicesByService };
}
