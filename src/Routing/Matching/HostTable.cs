namespace IngressController.Routing.Matching;

/// <summary>How much a wildcard host covers.</summary>
public enum WildcardScope
{
    /// <summary>Ingress: <c>*.b.c</c> covers <c>a.b.c</c> only.</summary>
    OneLabel,

    /// <summary>Gateway API: <c>*.b.c</c> covers <c>a.b.c</c> and <c>x.a.b.c</c>; the longest wildcard wins.</summary>
    AnyLabels,
}

/// <summary>
/// Something for each host: exact name first, then wildcard, then what stands for any host. Immutable; a lookup costs two look-ups of a name and
/// allocates nothing.
/// </summary>
public sealed class HostTable<T>
    where T : class
{
    private readonly Names exact;
    private readonly Names wildcards;
    private readonly WildcardScope scope;

    private HostTable(Names exact, Names wildcards, T? any, WildcardScope scope) => (this.exact, this.wildcards, Any, this.scope) = (exact, wildcards, any, scope);

    /// <summary>What stands for hosts without an entry.</summary>
    public T? Any { get; }

    public bool IsEmpty => exact.Count == 0 && wildcards.Count == 0 && Any is null;

    public static HostTable<T> Create(WildcardScope scope = WildcardScope.OneLabel) => new(new(), new(), null, scope);

    /// <summary>The table after a change; hosts that did not change are taken over as they are.</summary>
    /// <param name="find">What a changed host now has; null where it has nothing any more.</param>
    public HostTable<T> With(IReadOnlyCollection<Model.HostName> changed, Func<Model.HostName, T?> find)
    {
        // Changes that touch no host come often: then nothing is copied.
        var nextExact = changed.Any(host => !host.IsWildcard && !host.IsAny) ? new Names(exact) : exact;
        var nextWildcards = changed.Any(host => host.IsWildcard) ? new Names(wildcards) : wildcards;
        var any = Any;
        foreach (var host in changed)
        {
            var value = find(host);
            if (host.IsAny)
            {
                any = value;
            }
            else if (host.IsWildcard)
            {
                nextWildcards.Set(host.Text[1..], value);
            }
            else
            {
                nextExact.Set(host.Text, value);
            }
        }

        return new(nextExact, nextWildcards, any, scope);
    }

    /// <param name="host">Without port and trailing dot; letters may have any case.</param>
    /// <returns>Null where neither the host nor any host has an entry.</returns>
    public T? Find(ReadOnlySpan<char> host)
    {
        if (exact.Find(host) is { } value)
        {
            return value;
        }

        for (var dot = host.IndexOf('.'); dot > 0; dot = NextDot(host, dot))
        {
            if (wildcards.Find(host[dot..]) is { } under)
            {
                return under;
            }

            if (scope == WildcardScope.OneLabel)
            {
                break;
            }
        }

        return Any;
    }

    private static int NextDot(ReadOnlySpan<char> host, int dot)
    {
        var next = host[(dot + 1)..].IndexOf('.');
        return next < 0 ? -1 : dot + 1 + next;
    }

    /// <summary>Hosts by name, or wildcards by what follows the asterisk (<c>.example.com</c>).</summary>
    private sealed class Names
    {
        private readonly Dictionary<string, T> byName;
        private readonly Dictionary<string, T>.AlternateLookup<ReadOnlySpan<char>> lookup;

        public Names(Names? other = null)
        {
            byName = other is null ? new(StringComparer.OrdinalIgnoreCase) : new(other.byName, StringComparer.OrdinalIgnoreCase);
            lookup = byName.GetAlternateLookup<ReadOnlySpan<char>>();
        }

        public int Count => byName.Count;

        public T? Find(ReadOnlySpan<char> name) => lookup.TryGetValue(name, out var value) ? value : null;

        public void Set(string name, T? value)
        {
            if (value is null)
            {
                byName.Remove(name);
            }
            else
            {
                byName[name] = value;
            }
        }
    }
}
