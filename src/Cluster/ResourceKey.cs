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
    /// <summary>What an annotation refers to by its value, <c>NAME</c> or <c>NAMESPACE/NAME</c>, whatever space is around it; null where it is neither.</summary>
    /// <param name="space">Of the object with the annotation.</param>
    public static NamespacedName? InAnnotation(string value, string space)
    {
        var text = value.AsSpan().Trim();
        var slash = text.IndexOf('/');
        return !DnsName.IsSubdomain(text[(slash + 1)..]) ? null
            : slash < 0 ? new(space, text.ToString())
            : DnsName.IsSubdomain(text[..slash]) ? new(text[..slash].ToString(), text[(slash + 1)..].ToString()) : null;
    }

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
