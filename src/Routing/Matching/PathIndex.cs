using IngressController.Routing.Model;

namespace IngressController.Routing.Matching;

/// <summary>The paths of one host: one table of exact paths, one of prefixes; the request's path is tried from its longest prefix to its shortest.</summary>
internal sealed class PathIndex<TRoute>
    where TRoute : class
{
    /// <summary>Of most hosts, which have no exact path.</summary>
    private static readonly Dictionary<string, TRoute> None = new(StringComparer.Ordinal);

    private readonly Dictionary<string, TRoute>.AlternateLookup<ReadOnlySpan<char>> exact;
    private readonly Dictionary<string, TRoute>.AlternateLookup<ReadOnlySpan<char>> prefixes;
    private readonly bool hasExact;
    private readonly int deepestPrefix;
    private readonly TRoute? root;

    private PathIndex(Dictionary<string, TRoute> exact, Dictionary<string, TRoute> prefixes, int deepestPrefix, TRoute? @default)
    {
        this.exact = exact.GetAlternateLookup<ReadOnlySpan<char>>();
        this.prefixes = prefixes.GetAlternateLookup<ReadOnlySpan<char>>();
        this.deepestPrefix = deepestPrefix;
        hasExact = exact.Count > 0;
        root = prefixes.GetValueOrDefault("");
        Default = @default;
    }

    public TRoute? Default { get; }

    public static PathIndex<TRoute> Compile(HostRoutes host, Func<Route, TRoute> compile)
    {
        var exact = new Dictionary<string, TRoute>(StringComparer.Ordinal);
        var prefixes = new Dictionary<string, TRoute>(StringComparer.Ordinal);
        var deepestPrefix = 0;
        foreach (var route in host.Routes)
        {
            // In the order of precedence: of the prefixes /foo/ and /foo, which match the same paths, the first stays.
            if (route.Path.Kind == PathKind.Exact)
            {
                exact.TryAdd(route.Path.Text, compile(route));
            }
            else if (prefixes.TryAdd(route.Path.Prefix, compile(route)))
            {
                deepestPrefix = Math.Max(deepestPrefix, route.Path.ElementCount);
            }
        }

        return new(exact.Count > 0 ? exact : None, prefixes, deepestPrefix, host.Default is { } fallback ? compile(fallback) : null);
    }

    public TRoute? Find(ReadOnlySpan<char> path)
    {
        if (!path.StartsWith('/'))
        {
            return null; // "*" of OPTIONS *
        }

        // An exact match has all elements of the path, so no prefix can have more; and Exact goes before Prefix.
        if (hasExact && exact.TryGetValue(path, out var route))
        {
            return route;
        }

        for (var prefix = CutToDeepest(path); !prefix.IsEmpty; prefix = prefix[..prefix.LastIndexOf('/')])
        {
            if (prefixes.TryGetValue(prefix, out route))
            {
                return route;
            }
        }

        return root;
    }

    /// <summary>No rule is longer than this, so a path of a thousand slashes costs no more than one of as many as the longest rule has.</summary>
    private ReadOnlySpan<char> CutToDeepest(ReadOnlySpan<char> path)
    {
        if (deepestPrefix == 0)
        {
            return default;
        }

        var end = 0;
        for (var element = 0; element < deepestPrefix; element++)
        {
            var next = path[(end + 1)..].IndexOf('/');
            if (next < 0)
            {
                return path.TrimEnd('/');
            }

            end += 1 + next;
        }

        return path[..end];
    }
}
