namespace IngressController.Cluster.Resources;

public enum ServiceType
{
    ClusterIP,
    NodePort,
    LoadBalancer,
    ExternalName,
}

/// <summary>v1 Service.</summary>
/// <param name="ClusterIPs">Empty before allocation; "None" for headless Services.</param>
/// <param name="IPFamilies">The first one is the family that the Service prefers.</param>
/// <param name="ClientIPAffinity">The timeout of sessionAffinity: ClientIP; null without session affinity.</param>
public sealed record Service(
    Metadata Metadata,
    ServiceType Type,
    EquatableArray<ServicePort> Ports,
    EquatableArray<string> ClusterIPs,
    EquatableArray<AddressType> IPFamilies,
    string? ExternalName,
    TimeSpan? ClientIPAffinity,
    EquatableArray<string> ExternalIPs,
    EquatableArray<LoadBalancerAddress> Addresses) : IResource
{
    public ResourceKey Key => new(ResourceKind.Service, Metadata.Name);
}

/// <param name="Name">Empty for the only port of a Service.</param>
/// <param name="Protocol">TCP, UDP or SCTP.</param>
public sealed record ServicePort(string Name, int Port, string Protocol, string? AppProtocol);
