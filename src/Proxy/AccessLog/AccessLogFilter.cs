using System.Globalization;
using IngressController.Cluster;
using IngressController.Proxy.Observing;

namespace IngressController.Proxy.AccessLog;

/// <summary>Which requests have a line in the access log. Asked by the request, before its line is queued.</summary>
public sealed record AccessLogFilter
{
    private const int ServerErrors = 500;

    public static AccessLogFilter Everything { get; } = new();

    /// <summary>The part of the requests that are logged, 0 to 1; those with a status of 500 or more always are.</summary>
    public double Sample { get; init; } = 1;

    /// <summary>What is not logged at all: these paths, and those below them.</summary>
    public EquatableArray<string> SkippedPaths { get; init; }

    /// <summary>What is logged; empty: every status.</summary>
    public EquatableArray<StatusRange> Statuses { get; init; }

    internal bool Takes(in RequestRecord record)
    {
        if (!Statuses.IsEmpty && !HasStatus(record.Status))
        {
            return false;
        }

        if (!SkippedPaths.IsEmpty && IsSkipped(record.Path))
        {
            return false;
        }

        return Sample >= 1 || record.Status >= ServerErrors || Place(record) < Sample;
    }

    private bool HasStatus(int status)
    {
        foreach (var range in Statuses.AsSpan())
        {
            if (range.First <= status && status <= range.Last)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>By whole segments, as Prefix in an Ingress.</summary>
    private bool IsSkipped(string target)
    {
        var question = target.IndexOf('?', StringComparison.Ordinal);
        var path = question < 0 ? target : target.AsSpan(0, question);
        if (IsMaybeAnother(path))
        {
            return false;
        }

        foreach (var skipped in SkippedPaths.AsSpan())
        {
            if (path.StartsWith(skipped, StringComparison.Ordinal) && (path.Length == skipped.Length || skipped.EndsWith('/') || path[skipped.Length] == '/'))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Routing may read it as another path (docs/paths.md), and nobody shall keep out of the log by that.</summary>
    private static bool IsMaybeAnother(ReadOnlySpan<char> path) =>
        path.ContainsAny('%', '\\') || path.Contains("//", StringComparison.Ordinal) || path.Contains("/./", StringComparison.Ordinal)
        || path.Contains("/../", StringComparison.Ordinal) || path.EndsWith("/.", StringComparison.Ordinal) || path.EndsWith("/..", StringComparison.Ordinal);

    /// <summary>
    /// Where a request stands between 0 and 1, by its id, so that every replica, and whoever else shares the id, chooses the same requests. What has no id, a
    /// connection that is passed through, stands by when it ended.
    /// </summary>
    private static double Place(in RequestRecord record)
    {
        var hash = 14695981039346656037UL; // FNV-1a
        foreach (var character in record.RequestId)
        {
            hash = (hash ^ character) * 1099511628211UL;
        }

        hash = record.RequestId.Length > 0 ? hash : hash ^ (ulong)record.Time.UtcTicks;
        hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccdUL; // MurmurHash3's end, for FNV leaves the upper bits of short ids alike
        hash = (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53UL;
        return (hash >> 11) * (1.0 / (1UL << 53));
    }
}

/// <summary>Statuses of answers, both ends included.</summary>
public readonly record struct StatusRange(int First, int Last)
{
    /// <summary>Reads <c>4xx</c> or <c>404</c>.</summary>
    public static bool TryParse(string text, out StatusRange range)
    {
        var isClass = text is [>= '1' and <= '5', 'x', 'x'];
        var digits = isClass ? text[..1] + "00" : text;
        var isNumber = int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var first) && digits.Length == 3 && first is >= 100 and <= 599;
        range = new(first, isClass ? first + 99 : first);
        return isNumber;
    }
}
