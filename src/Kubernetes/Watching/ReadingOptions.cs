using IngressController.Cluster;

namespace IngressController.Kubernetes.Watching;

/// <summary>Which objects of a cluster are read.</summary>
public sealed record ReadingOptions
{
    /// <summary>Where to read namespaced objects; empty for everywhere. Then Roles in these namespaces are enough.</summary>
    public EquatableArray<string> Namespaces { get; init; }

    /// <summary>Services that flags name: read wherever they are. A Role for that one object is enough.</summary>
    public EquatableArray<NamespacedName> Services { get; init; }

    /// <summary>Services that flags name as backends: read wherever they are, with their EndpointSlices.</summary>
    public EquatableArray<NamespacedName> Backends { get; init; }

    /// <summary>Secrets that flags name: read wherever they are, and kept though no Ingress refers to them.</summary>
    public EquatableArray<NamespacedName> Secrets { get; init; }

    /// <summary>ConfigMaps that flags name: as <see cref="Secrets"/>.</summary>
    public EquatableArray<NamespacedName> ConfigMaps { get; init; }

    /// <summary>Every scope of its own reflector. None has an object of another.</summary>
    internal IEnumerable<WatchScope> Scopes => WatchedKind.All.SelectMany(ScopesOf);

    private IEnumerable<WatchScope> ScopesOf(WatchedKind kind)
    {
        if (Namespaces.IsEmpty)
        {
            return [new(kind, null)];
        }

        var watched = Namespaces.Distinct();
        return kind.Kind switch
        {
            ResourceKind.IngressClass => [new(kind, null) { MayBeRefused = true }],
            ResourceKind.Namespace => watched.Select(name => new WatchScope(kind, null) { ObjectName = name }),
            ResourceKind.Service => [.. In(kind, watched), .. Named(kind, [.. Services, .. Backends])],
            ResourceKind.EndpointSlice => [.. In(kind, watched), .. Named(kind, Backends).Select(scope => scope with { ObjectName = null, ServiceName = scope.ObjectName })],
            ResourceKind.Secret => [.. In(kind, watched), .. Named(kind, Secrets)],
            ResourceKind.ConfigMap => [.. In(kind, watched), .. Named(kind, ConfigMaps)],
            _ => In(kind, watched),
        };
    }

    private static IEnumerable<WatchScope> In(WatchedKind kind, IEnumerable<string> namespaces) => namespaces.Select(name => new WatchScope(kind, name));

    private IEnumerable<WatchScope> Named(WatchedKind kind, IEnumerable<NamespacedName> names) =>
        names.Distinct().Where(name => !Namespaces.Contains(name.Namespace)).Select(new WatchScope(kind, null).Only);
}
