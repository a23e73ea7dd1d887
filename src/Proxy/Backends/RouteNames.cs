using IngressController.Cluster;
using IngressController.Proxy.Observing;
using IngressController.Routing.Model;

namespace IngressController.Proxy.Backends;

/// <summary>What the requests of an Ingress to one Service port are told and counted under: made once, so that no request composes a word.</summary>
internal sealed class RouteNames
{
    private string? serviceName;

    private RouteNames(NamespacedName? ingress, string? space, string serviceKey)
    {
        Namespace = space ?? "";
        Ingress = ingress?.Name ?? "";
        IngressKey = SharedText.Of(ingress?.ToString());
        ServiceKey = serviceKey;
        Service = SharedText.Of(serviceKey.AsSpan(serviceKey.IndexOf('/', StringComparison.Ordinal) + 1));
    }

    /// <summary>Of requests that no route answers.</summary>
    public static RouteNames None { get; } = new(null, null, "");

    /// <summary>Of the Ingress and of its Services, which are in one.</summary>
    public string Namespace { get; }

    /// <summary>Empty for the route of <c>--default-backend-service</c>.</summary>
    public string Ingress { get; }

    /// <summary>As the Ingress names it: <c>web:80</c>; empty where the route names none.</summary>
    public string Service { get; }

    /// <summary>The name alone; made when it is first asked for, which ingress-nginx's metrics do.</summary>
    public string ServiceName => serviceName ??= SharedText.Of(Service.AsSpan(0, Service.IndexOf(':', StringComparison.Ordinal) is var colon and >= 0 ? colon : Service.Length));

    /// <summary>With its namespace.</summary>
    public string IngressKey { get; }

    /// <summary>With its namespace.</summary>
    public string ServiceKey { get; }

    /// <summary>Of the requests that are under way.</summary>
    public ActiveCount Active { get; } = new();

    public static RouteNames Of(NamespacedName? ingress, BackendKey? service) =>
        new(ingress, ingress?.Namespace ?? service?.Service.Namespace, SharedText.Of(service?.ToString()));

    /// <summary>For another route to the same Service port: the same object where it is of the same Ingress.</summary>
    public RouteNames With(NamespacedName? ingress) =>
        (ingress?.Name ?? "") == Ingress && (ingress is null || ingress.Value.Namespace == Namespace) ? this : new(ingress, ingress?.Namespace ?? Namespace, ServiceKey);
}
