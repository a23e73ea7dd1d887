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

/// <summary>
/// The routing model compiled for lookup. Immutable: a request reads one table and keeps it. A lookup costs at most two host look-ups and one
/// path look-up for every element of the host's longest rule, whatever the number of hosts, and allocates nothing.
/// </summary>
/// <typeparam name="TRoute">What the caller keeps for a route.</typeparam>
public sealed class RouteTable<TRoute>
    where TRoute : class
{
    private readonly HostTable<PathIndex<TRoute>> hosts;
    private readonly TRoute? catchAll;

    private RouteTable(HostTable<PathIndex<TRoute>> hosts, TRoute? catchAll) => (this.hosts, this.catchAll) = (hosts, catchAll);

    public static RouteTable<TRoute> Create(WildcardScope scope = WildcardScope.OneLabel) => new(HostTable<PathIndex<TRoute>>.Create(scope), null);

    /// <summary>The table after a change; hosts that did not change are taken over as they are.</summary>
    /// <param name="compile">Makes what the caller keeps for a route; called for the routes of changed hosts and for the catch-all only.</param>
    public RouteTable<TRoute> With(RoutingChange change, Func<Route, TRoute> compile) => new(
        hosts.With(change.Hosts, host => change.Model.Hosts.TryGetValue(host, out var routes) ? PathIndex<TRoute>.Compile(routes, compile) : null),
        change.Model.CatchAll is { } route ? compile(route) : null);

    /// <summary>Host first, then path inside that host, no fall-through to a wildcard or to rules without a host (decision 2).</summary>
    /// <param name="host">From <see cref="RequestHost.Normalize"/>; letters may have any case.</param>
    /// <param name="path">From <see cref="RequestPath"/>.</param>
    public RouteMatch<TRoute> Match(ReadOnlySpan<char> host, ReadOnlySpan<char> path)
    {
        if (hosts.Find(host) is { } index)
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
}
