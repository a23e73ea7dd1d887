namespace IngressController.Testing.ApiServer.Storage;

/// <summary>A kind as the API serves it.</summary>
/// <param name="Zero">The fields beside metadata that an empty object of the kind shows, as in a bookmark.</param>
internal sealed record ApiResource(string Group, string Version, string Plural, string Kind, string Zero = "")
{
    private const string Rbac = "rbac.authorization.k8s.io";

    public static IReadOnlyList<ApiResource> All { get; } =
    [
        new("networking.k8s.io", "v1", "ingresses", "Ingress", """ "spec":{},"status":{"loadBalancer":{}} """.Trim()) { HasStatus = true, HasGeneration = true },
        new("networking.k8s.io", "v1", "ingressclasses", "IngressClass", "\"spec\":{}") { IsNamespaced = false, HasGeneration = true },
        new("", "v1", "services", "Service", """ "spec":{},"status":{"loadBalancer":{}} """.Trim()) { HasStatus = true },
        new("discovery.k8s.io", "v1", "endpointslices", "EndpointSlice", """ "addressType":"","endpoints":null,"ports":null """.Trim()) { HasGeneration = true },
        new("", "v1", "secrets", "Secret"),
        new("", "v1", "configmaps", "ConfigMap"),
        new("", "v1", "serviceaccounts", "ServiceAccount") { HasToken = true },
        new("", "v1", "namespaces", "Namespace", """ "spec":{},"status":{} """.Trim()) { IsNamespaced = false, HasStatus = true },
        new("", "v1", "nodes", "Node", """ "spec":{},"status":{} """.Trim()) { IsNamespaced = false, HasStatus = true },
        new("coordination.k8s.io", "v1", "leases", "Lease", "\"spec\":{}") { NeedsVersionToUpdate = true },
        new(Rbac, "v1", "roles", "Role", "\"rules\":null"),
        new(Rbac, "v1", "rolebindings", "RoleBinding"),
        new(Rbac, "v1", "clusterroles", "ClusterRole", "\"rules\":null") { IsNamespaced = false },
        new(Rbac, "v1", "clusterrolebindings", "ClusterRoleBinding") { IsNamespaced = false },
        new("events.k8s.io", "v1", "events", "Event", """ "eventTime":null,"regarding":{},"deprecatedSource":{},"deprecatedFirstTimestamp":null,"deprecatedLastTimestamp":null """.Trim()),
    ];

    public bool IsNamespaced { get; init; } = true;

    /// <summary>Status is written under its own path only.</summary>
    public bool HasStatus { get; init; }

    /// <summary>Its subresource <c>token</c> makes one.</summary>
    public bool HasToken { get; init; }

    /// <summary>metadata.generation counts the changes of what people ask for.</summary>
    public bool HasGeneration { get; init; }

    /// <summary>An update must say which state it changes.</summary>
    public bool NeedsVersionToUpdate { get; init; }

    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary><c>ingresses.networking.k8s.io</c>.</summary>
    public string QualifiedPlural => Group.Length == 0 ? Plural : $"{Plural}.{Group}";

    /// <summary><c>Ingress.networking.k8s.io</c>.</summary>
    public string QualifiedKind => Group.Length == 0 ? Kind : $"{Kind}.{Group}";

    public static ApiResource? Find(string group, string version, string plural) =>
        All.FirstOrDefault(resource => resource.Group == group && resource.Version == version && resource.Plural == plural);

    /// <exception cref="ArgumentException">The server does not serve the kind.</exception>
    public static ApiResource OfKind(string kind) =>
        All.FirstOrDefault(resource => resource.Kind == kind) ?? throw new ArgumentException($"the server has no kind {kind}", nameof(kind));

    /// <summary>The order of lists, and what continue tokens point at.</summary>
    public string KeyOf(string @namespace, string name) => IsNamespaced ? $"/{@namespace}/{name}" : $"/{name}";

    public override string ToString() => QualifiedPlural;
}
