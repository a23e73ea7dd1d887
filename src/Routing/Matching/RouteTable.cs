using IngressController.Routing.Model;

namespace IngressController.Routing.Matching;

/// <summary>How the answer was found; the dashboard, <c>explain</c> and the access log say it.</summary>
public enum MatchKind
{
    /// <summary>A path of the host.</summary>
    Path,

    /// <summary>The host's own default backend.</summary>
    HostDefault,

    /// <summary>The catch-all of the whole controller.</summary>
    CatchAll,

    /// <summary>Nothing: the built-in 404.</summary>
    None,
}

/// <param name="Route">Null exactly for <see cref="MatchKind.None"/>.</param>
public readonly record struct RouteMatch<TRoute>(MatchKind Kind, TRoute? Route)
    where TRoute : class;

/// <summary>How much a wildcard host covers.</summary>
public enum WildcardScope
{
    /// <summary>Ingress: <c>*.b.c</c> covers <c>a.b.c</c> only.</summary>
    OneLabel,

    /// <summary>Gateway API: <c>*.b.c</c> covers <c>a.b.c</c> and <c>x.a.b.c</c>; the longest wildcard wins.</summary>
    AnyLabels,
}

/// <summary>
/// The routing model compiled for lookup. Immutable: a request reads one table and keeps it. A lookup costs at most two host look-ups and one
/// path look-up for every element of the host's longest rule, whatever the number of hosts, and allocates nothing.
/// </summary>
/// <typeparam name="TRoute">What the caller keeps for a route.</typeparam>
public sealed class RouteTable<TRoute>
    where TRoute : class
{
    private readonly HostIndex exact;
    private readonly HostIndex wildcards;
    private readonly PathIndex<TRoute>? anyHost;
    private readonly TRoute? catchAll;
    private readonly WildcardScope scope;

    private RouteTable(HostIndex exact, HostIndex wildcards, PathIndex<TRoute>? anyHost, TRoute? catchAll, WildcardScope scope) =>
        (this.exact, this.wildcards, this.anyHost, this.catchAll, this.scope) = (exact, wildcards, anyHost, catchAll, scope);

    public static RouteTable<TRoute> Create(WildcardScope scope = WildcardScope.OneLabel) => new(new(), new(), null, null, scope);

    /// <summary>The table after a change; hosts that did not change are taken over as they are.</summary>
    /// <param name="compile">Makes what the caller keeps for a route; called for the routes of changed hosts and for the catch-all only.</param>
    public RouteTable<TRoute> With(RoutingChange change, Func<Route, TRoute> compile)
    {
        // Endpoint changes come often and touch no host: then nothing is copied.
        var nextExact = change.Hosts.Any(host => !host.IsWildcard && !host.IsAny) ? new HostIndex(exact) : exact;
        var nextWildcards = change.Hosts.Any(host => host.IsWildcard) ? new HostIndex(wildcards) : wildcards;
        var nextAnyHost = anyHost;
        foreach (var host in change.Hosts)
        {
            var paths = change.Model.Hosts.TryGetValue(host, out var routes) ? PathIndex<TRoute>.Compile(routes, compile) : null;
            if (host.IsAny)
            {
                nextAnyHost = paths;
            }
            else if (host.IsWildcard)
            {
                nextWildcards.Set(host.Text[1..], paths);
            }
            else
            {
                nextExact.Set(host.Text, paths);
            }
        }

        return new(nextExact, nextWildcards, nextAnyHost, change.Model.CatchAll is { } route ? compile(route) : null, scope);
    }

    /// <summary>Host first, then path inside that host, no fall-through to a wildcard or to rules without a host (decision 2).</summary>
    /// <param name="host">From <see cref="RequestHost.Normalize"/>; letters may have any case.</param>
    /// <param name="path">From <see cref="RequestPath"/>.</param>
    public RouteMatch<TRoute> Match(ReadOnlySpan<char> host, ReadOnlySpan<char> path)
    {
        if (FindHost(host) is { } index)
        {
            if (index.Find(path) is { } route)
            {
                return new(MatchKind.Path, route);
            }

            if (index.Default is { } fallback)
            {
                return new(MatchKind.HostDefault, fallback);
            }
        }

        return catchAll is null ? new(MatchKind.None, null) : new(MatchKind.CatchAll, catchAll);
    }

    private PathIndex<TRoute>? FindHost(ReadOnlySpan<char> host)
    {
        if (exact.Find(host) is { } index)
        {
            return index;
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

        return anyHost;
    }

    private static int NextDot(ReadOnlySpan<char> host, int dot)
    {
        var next = host[(dot + 1)..].IndexOf('.');
        return next < 0 ? -1 : dot + 1 + next;
    }

    /// <summary>Hosts by name, or wildcards by what follows the asterisk (<c>.example.com</c>).</summary>
    private sealed class HostIndex
    {
        private readonly Dictionary<string, PathIndex<TRoute>> byName;
        private readonly Dictionary<string, PathIndex<TRoute>>.AlternateLookup<ReadOnlySpan<char>> lookup;

        public HostIndex(HostIndex? other = null)
        {
            byName = other is null ? new(StringComparer.OrdinalIgnoreCase) : new(other.byName, StringComparer.OrdinalIgnoreCase);
            lookup = byName.GetAlternateLookup<ReadOnlySpan<char>>();
        }

        public PathIndex<TRoute>? Find(ReadOnlySpan<char> name) => lookup.TryGetValue(name, out var paths) ? paths : null;

        public void Set(string name, PathIndex<TRoute>? paths)
        {
            if (paths is null)
            {
                byName.Remove(name);
            }
            else
            {
                byName[name] = paths;
            }
        }
    }
}
