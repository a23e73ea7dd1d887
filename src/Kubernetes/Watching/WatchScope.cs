using IngressController.Cluster;

namespace IngressController.Kubernetes.Watching;

/// <summary>What is listed and watched by one reflector: the objects of a kind, or some of them.</summary>
/// <param name="Namespace">Null: of the whole cluster.</param>
internal sealed record WatchScope(WatchedKind Kind, string? Namespace)
{
    /// <summary>Only the object of that name. The API server then asks for no further right than one to that name (RBAC's resourceNames).</summary>
    public string? ObjectName { get; init; }

    /// <summary>Only the EndpointSlices of that Service.</summary>
    public string? ServiceName { get; init; }

    /// <summary>Nothing can be served without it.</summary>
    public bool IsRequired => Kind.IsRequired && ObjectName is null && ServiceName is null;

    /// <summary>Done without where the API server refuses it: so a kind of the whole cluster for those who have Roles and nothing else.</summary>
    public bool MayBeRefused { get; init; }

    /// <summary>For people.</summary>
    public string Description => Kind.Plural + (FieldSelector.Length == 0 ? "" : $" ({FieldSelector})") + (ServiceName is null ? "" : $" of Service {ServiceName}");

    public string Path => Kind.PathIn(Namespace);

    /// <summary>As it is appended to a query; empty where the scope has everything.</summary>
    public string Selectors =>
        (FieldSelector.Length == 0 ? "" : $"&fieldSelector={Uri.EscapeDataString(FieldSelector)}")
        + (ServiceName is null ? "" : $"&labelSelector={Uri.EscapeDataString($"kubernetes.io/service-name={ServiceName}")}");

    private string FieldSelector => ObjectName is null ? Kind.FieldSelector : $"metadata.name={ObjectName}{(Kind.FieldSelector.Length == 0 ? "" : ",")}{Kind.FieldSelector}";

    /// <summary>One object of this scope.</summary>
    public WatchScope Only(NamespacedName name) => this with { Namespace = name.Namespace, ObjectName = name.Name };
}
