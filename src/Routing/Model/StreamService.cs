using System.Globalization;
using IngressController.Cluster;
using IngressController.Cluster.Resources;

namespace IngressController.Routing.Model;

public enum StreamProtocol
{
    Tcp,
    Udp,
}

/// <summary>A port of ours that carries bytes or datagrams instead of requests. Prints as <c>TCP 5432</c>.</summary>
public readonly record struct StreamKey(StreamProtocol Protocol, int Port)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Protocol.ToString().ToUpperInvariant()} {Port}");
}

/// <summary>Where what comes in at such a port goes. It is open also where there is no destination: then its connections are closed.</summary>
/// <param name="Origin">The ConfigMap that says so.</param>
/// <param name="Port">The Service's, as the ConfigMap names it.</param>
/// <param name="ReadsProxyProtocol">Clients begin with a PROXY protocol header.</param>
/// <param name="SendsProxyProtocol">So do we towards destinations.</param>
/// <param name="Destinations">In a stable order, without duplicates.</param>
public sealed record StreamService(
    StreamKey Key, NamespacedName Origin, NamespacedName Service, PortReference Port, bool ReadsProxyProtocol, bool SendsProxyProtocol, EquatableArray<Destination> Destinations);
