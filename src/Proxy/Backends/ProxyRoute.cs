using IngressController.Proxy.Observing.Traffic;
using IngressController.Proxy.Pipeline;
using IngressController.Routing.Model;

namespace IngressController.Proxy.Backends;

/// <summary>
/// A route as requests use it, and what is made when it gets its first one: a big cluster has tens of thousands, most of which rarely get any. It has no RouteModel of
/// YARP: forwarding does not ask for one, and 60,000 of them would be 20 MB.
/// </summary>
/// <param name="backend">Null where the route answers 503 by itself, for the reason <paramref name="refusal"/>.</param>
internal sealed class ProxyRoute(Route route, ProxyBackend? backend, Reason refusal)
{
    private RouteNames? names;

    public ProxyBackend? Backend => backend;

    public Reason Refusal => refusal;

    /// <summary>Of the rule: a name, a wildcard, or empty for any host.</summary>
    public string Host => route.Host.Text;

    /// <summary>Of the rule.</summary>
    public string Path => route.Path.Text;

    public RoutePolicies Policies => route.Policies;

    /// <summary>The words of log and metrics.</summary>
    public RouteNames Names => names ?? Interlocked.CompareExchange(ref names, Name(), null) ?? names;

    /// <summary>From the first request on.</summary>
    public RouteTraffic? Traffic { get; set; }

    private RouteNames Name() => backend?.NamesFor(route.Ingress) ?? RouteNames.Of(route.Ingress, route.Backend);
}
