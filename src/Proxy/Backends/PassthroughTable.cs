using System.Collections.Immutable;
using IngressController.Cluster;
using IngressController.Proxy.Pipeline;
using IngressController.Routing.Matching;
using IngressController.Routing.Model;

namespace IngressController.Proxy.Backends;

/// <summary>
/// Where connections go that are not decrypted, by the host in SNI. While there is such a host, every other host with a rule has an entry too, because an exact name whose
/// TLS ends here goes before a wildcard that is passed through; one that only stands in <c>spec.tls</c> is the wildcard's, as its requests are. Changed by one writer, read by all handshakes.
/// </summary>
internal sealed class PassthroughTable
{
    /// <summary>The entry of hosts whose TLS ends here.</summary>
    private static readonly ProxyRoute EndsHere = new(Everything(HostName.Any, null, null), null, Reason.None);

    private readonly HashSet<HostName> passing = [];
    private volatile HostTable<ProxyRoute> hosts = HostTable<ProxyRoute>.Create();

    /// <param name="serverName">Empty where the client names no host.</param>
    /// <returns>Null where TLS ends here.</returns>
    public ProxyRoute? Find(ReadOnlySpan<char> serverName) => hosts.Find(serverName) is { } route && !ReferenceEquals(route, EndsHere) ? route : null;

    /// <param name="isReshaped">Some backend is another object now.</param>
    /// <param name="backendOf">Null where a backend could not be made.</param>
    public void Apply(RoutingChange change, bool isReshaped, Func<BackendKey, ProxyBackend?> backendOf)
    {
        var before = passing.Count;
        foreach (var host in change.Tls)
        {
            _ = change.Model.Tls.GetValueOrDefault(host)?.Passthrough is null ? passing.Remove(host) : passing.Add(host);
        }

        if (passing.Count == 0)
        {
            hosts = before == 0 ? hosts : HostTable<ProxyRoute>.Create();
            return;
        }

        ImmutableHashSet<HostName> changed = before == 0 ? [.. change.Model.Hosts.Keys, .. passing] : change.Hosts.Union(change.Tls);
        changed = isReshaped ? changed.Union(passing) : changed;
        if (!changed.IsEmpty)
        {
            hosts = hosts.With(changed, host => RouteOf(host, change.Model, backendOf));
        }
    }

    private static ProxyRoute? RouteOf(HostName host, RoutingModel model, Func<BackendKey, ProxyBackend?> backendOf)
    {
        if (model.Tls.GetValueOrDefault(host)?.Passthrough is not { } passthrough)
        {
            return model.Hosts.ContainsKey(host) ? EndsHere : null;
        }

        if (passthrough.Backend is not { } key)
        {
            return new(Everything(host, null, null), null, Reason.NoRoute);
        }

        var ingress = model.Hosts.GetValueOrDefault(host)?.Routes.FirstOrDefault(route => route.Backend == key)?.Ingress;
        var backend = backendOf(key);
        return new(Everything(host, ingress, key), backend, backend is null ? Reason.BackendUnusable : Reason.None);
    }

    /// <summary>All of a host's connections, whatever paths its requests have.</summary>
    private static Route Everything(HostName host, NamespacedName? ingress, BackendKey? backend) =>
        new(ingress, "", host, new(PathKind.Prefix, ""), backend, null, RoutePolicies.Default);
}
