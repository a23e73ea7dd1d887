using System.Net;
using System.Net.Sockets;
using IngressController.Cluster;
using Resources = IngressController.Cluster.Resources;

namespace IngressController.Kubernetes.Wire;

/// <summary>v1 Endpoints. Only manifests have it; a cluster mirrors it into EndpointSlices by itself.</summary>
internal sealed class Endpoints
{
    public ObjectMeta? Metadata { get; init; }

    public List<EndpointSubset?>? Subsets { get; init; }

    /// <summary>One slice for every subset and IP family, as the endpointslice mirroring controller makes them.</summary>
    public IEnumerable<Resources.EndpointSlice> Mirror()
    {
        var metadata = ObjectMeta.Namespaced(Metadata);
        if (Metadata?.Labels?.GetValueOrDefault("endpointslice.kubernetes.io/skip-mirror") == "true")
        {
            yield break;
        }

        foreach (var (index, subset) in Subsets.OrZero().Index())
        {
            foreach (var (family, endpoints) in subset.ByFamily())
            {
                var name = $"{metadata.Name.Name}-mirrored-{index}-{(family == Resources.AddressType.IPv6 ? "ipv6" : "ipv4")}";
                yield return new(
                    metadata with { Name = metadata.Name with { Name = name }, Uid = "" },
                    metadata.Name.Name,
                    family,
                    subset.Ports.OrZero().Select(port => port.ToResource()).ToEquatableArray(),
                    endpoints);
            }
        }
    }
}

internal sealed class EndpointSubset
{
    public List<EndpointAddress?>? Addresses { get; init; }

    public List<EndpointAddress?>? NotReadyAddresses { get; init; }

    public List<EndpointPort?>? Ports { get; init; }

    public IEnumerable<(Resources.AddressType Family, EquatableArray<Resources.Endpoint> Endpoints)> ByFamily() =>
        Addresses.OrZero().Select(address => (address, ready: true))
            .Concat(NotReadyAddresses.OrZero().Select(address => (address, ready: false)))
            .GroupBy(item => item.address.Family)
            .OrderBy(group => group.Key)
            .Select(group => (group.Key, group.Select(item => item.address.ToEndpoint(item.ready)).ToEquatableArray()));
}

internal sealed class EndpointAddress
{
    public string? Ip { get; init; }

    public string? NodeName { get; init; }

    internal Resources.AddressType Family =>
        IPAddress.TryParse(Ip, out var address) && address is { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: false }
            ? Resources.AddressType.IPv6
            : Resources.AddressType.IPv4;

    public Resources.Endpoint ToEndpoint(bool ready) => new(
        Ip ?? "", ready, Serving: ready, Terminating: false, NodeName.NullIfEmpty(), Zone: null, ForZones: default, ForNodes: default);
}
