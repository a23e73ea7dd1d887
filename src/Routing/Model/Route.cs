using IngressController.Cluster;

namespace IngressController.Routing.Model;

/// <summary>One path of one host, and what answers it.</summary>
/// <param name="Ingress">Null for the route of <c>--default-backend-service</c>.</param>
/// <param name="Field">Where it stands in that Ingress: <c>spec.rules[0].http.paths[1]</c> or <c>spec.defaultBackend</c>.</param>
/// <param name="Backend">Null where the route is refused.</param>
/// <param name="Refusal">The route answers 503 in its place, for this reason (decision 3: it never makes way for a broader path).</param>
public sealed record Route(
    NamespacedName? Ingress,
    string Field,
    HostName Host,
    PathPattern Path,
    BackendKey? Backend,
    ProblemCode? Refusal,
    RoutePolicies Policies);

/// <summary>All that one host answers.</summary>
/// <param name="Routes">In the order of precedence: the first that matches wins. No two have the same pattern.</param>
/// <param name="Default">For paths that match none of them; null leaves them to the catch-all.</param>
/// <param name="Ingresses">Those that declare the host, oldest first.</param>
public sealed record HostRoutes(HostName Host, EquatableArray<Route> Routes, Route? Default, EquatableArray<NamespacedName> Ingresses);
