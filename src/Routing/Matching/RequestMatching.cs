using System.Buffers;

namespace IngressController.Routing.Matching;

/// <summary>What a request's target allows.</summary>
public enum TargetVerdict
{
    /// <summary>The target has a path; the match says what answers it.</summary>
    Matched,

    /// <summary>The target is <c>*</c> or an authority: it has no path and no route.</summary>
    NoPath,

    /// <summary>400: the path has no normal form.</summary>
    Malformed,

    /// <summary>400: strict and lenient readers of this path would take it to different routes, and one of them may be guarded.</summary>
    Ambiguous,
}

/// <summary>The one way from a request's Host and target to its route; the proxy and <c>explain</c> both go it.</summary>
public static class RequestMatching
{
    private const int StackLimit = 512;

    /// <param name="host">The Host header or <c>:authority</c> as it came.</param>
    /// <param name="target">The request target as it came.</param>
    public static TargetVerdict Match<TRoute>(
        this RouteTable<TRoute> table, ReadOnlySpan<char> host, ReadOnlySpan<char> target, out RouteMatch<TRoute> match)
        where TRoute : class
    {
        match = default;
        var path = RequestPath.OriginForm(target);
        if (path.IsEmpty)
        {
            return TargetVerdict.NoPath;
        }

        var end = path.IndexOf('?');
        path = end < 0 ? path : path[..end];
        if (path.Contains('#'))
        {
            return TargetVerdict.Malformed; // RFC 9112 section 3.2 allows no fragment; some servers cut it off, others take it for a path
        }

        if (path.Length <= StackLimit)
        {
            return Match(table, host, path, stackalloc char[StackLimit], out match);
        }

        var rented = ArrayPool<char>.Shared.Rent(path.Length);
        var verdict = Match(table, host, path, rented, out match);
        ArrayPool<char>.Shared.Return(rented);
        return verdict;
    }

    private static TargetVerdict Match<TRoute>(
        RouteTable<TRoute> table, ReadOnlySpan<char> host, ReadOnlySpan<char> path, Span<char> buffer, out RouteMatch<TRoute> match)
        where TRoute : class
    {
        match = default;
        host = RequestHost.Normalize(host);
        var form = RequestPath.Normalize(path, PathReading.Strict, buffer, out var normal);
        if (form == PathForm.Malformed)
        {
            return TargetVerdict.Malformed;
        }

        match = table.Match(host, normal);
        if (form == PathForm.Normal)
        {
            return TargetVerdict.Matched;
        }

        if (RequestPath.Normalize(path, PathReading.Lenient, buffer, out normal) == PathForm.Malformed
            || table.Match(host, normal) != match)
        {
            match = default;
            return TargetVerdict.Ambiguous;
        }

        return TargetVerdict.Matched;
    }
}
