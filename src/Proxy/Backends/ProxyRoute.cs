using IngressController.Proxy.Forwarding;
using IngressController.Proxy.Pipeline;
using IngressController.Routing.Model;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Model;

namespace IngressController.Proxy.Backends;

/// <summary>A route as requests use it: YARP's model, the backend, and the words of the access log, made once.</summary>
/// <param name="Backend">Null where the route answers 503 by itself, for the reason <paramref name="Refusal"/>.</param>
/// <param name="Ingress">Empty for the route of <c>--default-backend-service</c>.</param>
internal sealed record ProxyRoute(RouteModel Model, ProxyBackend? Backend, Reason Refusal, string Ingress, string Service)
{
    public static ProxyRoute To(ProxyBackend backend, Route route) => Create(route, backend, Reason.None);

    public static ProxyRoute Refused(Route route, Reason reason) => Create(route, null, reason);

    private static ProxyRoute Create(Route route, ProxyBackend? backend, Reason refusal)
    {
        var config = new RouteConfig
        {
            RouteId = $"{route.Ingress} {route.Field}",
            ClusterId = backend?.Cluster.ClusterId,
            Match = new RouteMatch(), // our table matches
        };
        var model = new RouteModel(config, backend?.Cluster, UpstreamTransformer.Instance);
        return new(model, backend, refusal, route.Ingress?.ToString() ?? "", route.Backend?.ToString() ?? "");
    }
}
