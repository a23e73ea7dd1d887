using IngressController.Proxy.Observing.Traffic;
using IngressController.Proxy.Pipeline;
using IngressController.Routing.Model;

namespace IngressController.Proxy.Backends;

/// <summary>
/// A route as requests use it: the backend, and the words of log and metrics, made once. It has no RouteModel of YARP: forwarding does not ask for one, and
/// 60,000 of them would be 20 MB.
/// </summary>
/// <param name="Backend">Null where the route answers 503 by itself, for the reason <paramref name="Refusal"/>.</param>
/// <param name="Host">Of the rule: a name, a wildcard, or empty for any host.</param>
/// <param name="Path">Of the rule.</param>
internal sealed record ProxyRoute(ProxyBackend? Backend, Reason Refusal, RouteNames Names, string Host, string Path, RoutePolicies Policies)
{
    /// <summary>From the first request on.</summary>
    public RouteTraffic? Traffic { get; set; }

    public static ProxyRoute To(ProxyBackend backend, Route route) => new(backend, Reason.None, backend.NamesFor(route.Ingress), route.Host.Text, route.Path.Text, route.Policies);

    public static ProxyRoute Refused(Route route, Reason reason) => new(null, reason, RouteNames.Of(route.Ingress, route.Backend), route.Host.Text, route.Path.Text, route.Policies);
}
