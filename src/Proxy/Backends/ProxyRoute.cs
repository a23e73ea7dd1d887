using IngressController.Cluster;
using IngressController.Proxy.Observing.Traffic;
using IngressController.Proxy.Pipeline;
using IngressController.Routing.Model;

namespace IngressController.Proxy.Backends;

/// <summary>
/// A route as requests use it: the backend, and the words of the access log, made once. It has no RouteModel of YARP: forwarding does not ask for one, and
/// 60,000 of them would be 20 MB.
/// </summary>
/// <param name="Backend">Null where the route answers 503 by itself, for the reason <paramref name="Refusal"/>.</param>
/// <param name="Host">Of the rule.</param>
/// <param name="Ingress">Empty for the route of <c>--default-backend-service</c>.</param>
internal sealed record ProxyRoute(ProxyBackend? Backend, Reason Refusal, HostName Host, string Ingress, string Service, RoutePolicies Policies)
{
    /// <summary>From the first request on.</summary>
    public RouteTraffic? Traffic { get; set; }

    public static ProxyRoute To(ProxyBackend backend, Route route) => new(backend, Reason.None, route.Host, IngressOf(route), backend.Cluster.ClusterId, route.Policies);

    public static ProxyRoute Refused(Route route, Reason reason) => new(null, reason, route.Host, IngressOf(route), route.Backend?.ToString() ?? "", route.Policies);

    private static string IngressOf(Route route) => SharedText.Of(route.Ingress?.ToString());
}
