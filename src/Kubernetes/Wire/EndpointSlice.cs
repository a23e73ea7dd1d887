using IngressController.Cluster;
using Resources = IngressController.Cluster.Resources;

namespace IngressController.Kubernetes.Wire;

/// <summary>discovery.k8s.io/v1 EndpointSlice, and v1beta1, which has the zone in <c>topology</c>.</summary>
internal sealed class EndpointSlice
{
    public ObjectMeta? Metadata { get; init; }

    [GoType("v1.AddressType")]
    public string? AddressType { get; init; }

    public List<EndpointPort?>? Ports { get; init; }

    public List<Endpoint?>? Endpoints { get; init; }

    /// <summary>When the change happened that this slice follows from, in RFC 3339; absent where the cluster does not know of one.</summary>
    private const string Trigger = "endpoints.kubernetes.io/last-change-trigger-time";

    /// <summary>With little more than its name: nothing else is for us, and there are tens of thousands of slices.</summary>
    public Resources.EndpointSlice ToResource() => new(
        ObjectMeta.Namespaced(Metadata) with { Annotations = default, Uid = "" },
        Metadata?.Labels?.GetValueOrDefault("kubernetes.io/service-name").NullIfEmpty(),
        ToAddressType(AddressType),
        Ports.OrZero().Select(port => port.ToResource()).ToEquatableArray(),
        Endpoints.OrZero().Where(endpoint => endpoint.FirstAddress is not null).Select(endpoint => endpoint.ToResource()).ToEquatableArray(),
        new(ObjectMeta.ParseTime(Metadata?.Annotations?.GetValueOrDefault(Trigger))));

    private static Resources.AddressType ToAddressType(string? text) => text switch
    {
        "IPv4" => Resources.AddressType.IPv4,
        "IPv6" => Resources.AddressType.IPv6,
        _ => Resources.AddressType.Fqdn,
    };
}

/// <summary>A port of an EndpointSlice, or of a subset of an Endpoints.</summary>
internal sealed class EndpointPort
{
    public string? Name { get; init; }

    public int? Port { get; init; }

    [GoType("v1.Protocol")]
    public string? Protocol { get; init; }

    public string? AppProtocol { get; init; }

    public Resources.EndpointPort ToResource() => new(Name ?? "", Port, Protocol.NullIfEmpty() ?? "TCP", AppProtocol.NullIfEmpty());
}

internal sealed class Endpoint
{
    public List<string?>? Addresses { get; init; }

    public EndpointConditions? Conditions { get; init; }

    public string? NodeName { get; init; }

    public string? Zone { get; init; }

    /// <summary>v1beta1 only.</summary>
    public Dictionary<string, string?>? Topology { get; init; }

    public EndpointHints? Hints { get; init; }

    internal string? FirstAddress => Addresses.OrZero().FirstOrDefault().NullIfEmpty();

    public Resources.Endpoint ToResource() => new(
        FirstAddress ?? "",
        Conditions?.Ready ?? true,
        Conditions?.Serving ?? true,
        Conditions?.Terminating ?? false,
        NodeName.NullIfEmpty() ?? FromTopology("kubernetes.io/hostname"),
        Zone.NullIfEmpty() ?? FromTopology("topology.kubernetes.io/zone"),
        Hints?.ForZones.OrZero().Select(zone => zone.Name ?? "").ToEquatableArray() ?? default,
        Hints?.ForNodes.OrZero().Select(node => node.Name ?? "").ToEquatableArray() ?? default);

    private string? FromTopology(string label) => Topology?.GetValueOrDefault(label).NullIfEmpty();
}

internal sealed class EndpointConditions
{
    public bool? Ready { get; init; }

    public bool? Serving { get; init; }

    public bool? Terminating { get; init; }
}

internal sealed class EndpointHints
{
    public List<ForZone?>? ForZones { get; init; }

    public List<ForNode?>? ForNodes { get; init; }
}

internal sealed class ForZone
{
    public string? Name { get; init; }
}

internal sealed class ForNode
{
    public string? Name { get; init; }
}
