namespace IngressController.Cluster.Resources;

public enum AddressType
{
    IPv4,
    IPv6,

    /// <summary>Deprecated, without meaning for a proxy.</summary>
    Fqdn,
}

/// <summary>discovery.k8s.io/v1 EndpointSlice.</summary>
/// <param name="ServiceName">The label kubernetes.io/service-name; null where the slice belongs to no Service.</param>
/// <param name="Trigger">Of the change that made it so.</param>
public sealed record EndpointSlice(
    Metadata Metadata,
    string? ServiceName,
    AddressType AddressType,
    EquatableArray<EndpointPort> Ports,
    EquatableArray<Endpoint> Endpoints,
    ChangeTime Trigger = default) : IResource
{
    public ResourceKey Key => new(ResourceKind.EndpointSlice, Metadata.Name);
}

/// <summary>When something happened. It says nothing about what is there now, so any two are equal, and objects that differ in it only are the same.</summary>
/// <param name="At">The earliest time where it is not known.</param>
public readonly record struct ChangeTime(DateTimeOffset At)
{
    public bool Equals(ChangeTime other) => true;

    public override int GetHashCode() => 0;
}

/// <param name="Name">Empty for an unnamed port; equals the name of the Service port that it implements.</param>
/// <param name="Port">Null means "all ports", which a proxy cannot use.</param>
public sealed record EndpointPort(string Name, int? Port, string Protocol, string? AppProtocol);

/// <summary>One endpoint; the API's defaults are applied (absent: ready, serving, not terminating).</summary>
/// <param name="Address">addresses[0], the only one with a meaning.</param>
public sealed record Endpoint(
    string Address,
    bool Ready,
    bool Serving,
    bool Terminating,
    string? NodeName,
    string? Zone,
    EquatableArray<string> ForZones,
    EquatableArray<string> ForNodes);
