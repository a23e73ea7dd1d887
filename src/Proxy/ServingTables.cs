using IngressController.Proxy.Backends;
using IngressController.Proxy.Clients;
using IngressController.Routing.Matching;

namespace IngressController.Proxy;

/// <summary>What requests are looked up in. Published as one, so that no request meets a host's routes without what guards them.</summary>
/// <param name="Guards">Null where no host has any.</param>
internal sealed record ServingTables(RouteTable<ProxyRoute> Routes, TlsHosts Tls, HostTable<HostGuard>? Guards)
{
    public static ServingTables Empty { get; } = new(RouteTable<ProxyRoute>.Create(), TlsHosts.None, null);

    /// <param name="host">Without port and trailing dot; empty for clients that name none.</param>
    public HostGuard GuardOf(ReadOnlySpan<char> host) => Guards?.Find(host) ?? HostGuard.None;
}
