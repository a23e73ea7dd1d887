using IngressController.Routing.Model;

namespace IngressController.Routing.Matching;

/// <summary>
/// The paths of one host: those that match exactly, and prefixes; the request's path is tried from its longest prefix to its shortest. Sorted arrays, because most hosts
/// have few paths and a big cluster has tens of thousands of hosts.
/// </summary>
internal sealed class PathIndex<TRoute>
    where TRoute : class
{
    private readonly Entry[] exact;
    private readonly Entry[] prefixes;
    private readonly int deepestPrefix;
    private readonly TRoute? root;

    private PathIndex(Entry[] exact, Entry[] prefixes, int deepestPrefix, TRoute? @default)
    {
        (this.exact, this.prefixes, this.deepestPrefix, Default) = (exact, prefixes, deepestPrefix, @default);
        root = Find(prefixes, "");
    }

    public TRoute? Default { get; }

    public static PathIndex<TRoute> Compile(HostRoutes host, Func<Route, TRoute> compile)
    {
        // In the order of precedence: of the prefixes /foo/ and /foo, which match the same paths, the first stays.
        var exact = host.Routes.Where(route => route.Path.Kind == PathKind.Exact).DistinctBy(route => route.Path.Text);
        var prefixes = host.Routes.Where(route => route.Path.Kind == PathKind.Prefix).DistinctBy(route => route.Path.Prefix).ToList();
        return new(
            Sorted(exact.Select(route => new Entry(route.Path.Text, compile(route)))),
            Sorted(prefixes.Select(route => new Entry(route.Path.Prefix, compile(route)))),
            prefixes.Count > 0 ? prefixes.Max(route => route.Path.ElementCount) : 0,
            host.Default is { } fallback ? compile(fallback) : null);
    }

    public TRoute? Find(ReadOnlySpan<char> path)
    {
        if (!path.StartsWith('/'))
        {
            return null; // "*" of OPTIONS *
        }

        // An exact match has all elements of the path, so no prefix can have more; and Exact goes before Prefix.
        if (Find(exact, path) is { } whole)
        {
            return whole;
        }

        for (var prefix = CutToDeepest(path); !prefix.IsEmpty; prefix = prefix[..prefix.LastIndexOf('/')])
        {
            if (Find(prefixes, prefix) is { } route)
            {
                return route;
            }
        }

        return root;
    }

    private static Entry[] Sorted(IEnumerable<Entry> entries) => [.. entries.OrderBy(entry => entry.Path, StringComparer.Ordinal)];

    private static TRoute? Find(Entry[] sorted, ReadOnlySpan<char> path)
    {
        var (low, high) = (0, sorted.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var order = sorted[middle].Path.AsSpan().SequenceCompareTo(path);
            if (order == 0)
            {
                return sorted[middle].Route;
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return null;
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

    private readonly record struct Entry(string Path, TRoute Route);
}
