namespace IngressController.Cluster;

/// <summary>The kinds of objects that the controller reads.</summary>
public enum ResourceKind
{
    Ingress,
    IngressClass,
    Service,
    EndpointSlice,
    Secret,
    ConfigMap,
    Namespace,
}

/// <summary>Namespace and name; the namespace is empty for cluster-scoped objects. Prints as kubectl does: <c>shop/web</c>.</summary>
public readonly record struct NamespacedName(string Namespace, string Name) : IComparable<NamespacedName>
{
    public int CompareTo(NamespacedName other)
    {
        var byNamespace = string.CompareOrdinal(Namespace, other.Namespace);
        return byNamespace != 0 ? byNamespace : string.CompareOrdinal(Name, other.Name);
    }

    public override string ToString() => Namespace.Length == 0 ? Name : $"{Namespace}/{Name}";

    public static bool operator <(NamespacedName left, NamespacedName right) => left.CompareTo(right) < 0;

    public static bool operator >(NamespacedName left, NamespacedName right) => left.CompareTo(right) > 0;

    public static bool operator <=(NamespacedName left, NamespacedName right) => left.CompareTo(right) <= 0;

    public static bool operator >=(NamespacedName left, NamespacedName right) => left.CompareTo(right) >= 0;
}

/// <summary>The identity of one object. Prints as <c>Ingress shop/web</c>.</summary>
public readonly record struct ResourceKey(ResourceKind Kind, NamespacedName Name) : IComparable<ResourceKey>
{
    public ResourceKey(ResourceKind kind, string @namespace, string name)
        : this(kind, new NamespacedName(@namespace, name))
    {
    }

    public int CompareTo(ResourceKey other) => Kind != other.Kind ? Kind.CompareTo(other.Kind) : Name.CompareTo(other.Name);

    public override string ToString() => $"{Kind} {Name}";

    public static bool operator <(ResourceKey left, ResourceKey right) => left.CompareTo(right) < 0;

    public static bool operator >(ResourceKey left, ResourceKey right) => left.CompareTo(right) > 0;

    public static bool operator <=(ResourceKey left, ResourceKey right) => left.CompareTo(right) <= 0;

    public static bool operator >=(ResourceKey left, ResourceKey right) => left.CompareTo(right) >= 0;
}
