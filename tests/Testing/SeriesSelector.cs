using System.Text.RegularExpressions;

namespace IngressController.Testing;

/// <summary>A metric in a question to Prometheus, and what the question demands of its labels.</summary>
/// <param name="Metric">As <c>/metrics</c> shows it, with <c>_bucket</c>, <c>_sum</c> or <c>_count</c> of a histogram.</param>
/// <param name="Matchers">As in <c>status</c>, <c>=~</c>, <c>4xx|5xx</c>.</param>
public sealed partial record SeriesSelector(string Metric, IReadOnlyList<(string Label, string Operator, string Value)> Matchers)
{
    private static readonly HashSet<string> Words = ["and", "or", "unless", "bool", "offset"];

    /// <summary>The name of the histogram where the metric is a part of one, which only <paramref name="families"/> can tell.</summary>
    public string Family(IEnumerable<string> families) =>
        families.FirstOrDefault(family => Metric == family || Metric == $"{family}_bucket" || Metric == $"{family}_sum" || Metric == $"{family}_count") ?? Metric;

    /// <summary>All that a question in PromQL selects, in its order.</summary>
    public static IReadOnlyList<SeriesSelector> Of(string question) =>
    [
        .. from Match name in Name().Matches(Clause().Replace(question, " "))
           where !Words.Contains(name.Groups[1].Value) && !name.Groups[3].Success
           select new SeriesSelector(
               name.Groups[1].Value,
               [.. Matcher().Matches(name.Groups[2].Value).Select(matcher => (matcher.Groups[1].Value, matcher.Groups[2].Value, matcher.Groups[3].Value))]),
    ];

    /// <summary>Lists of labels, and spans of time.</summary>
    [GeneratedRegex(@"\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)|\[[^\]]*\]")]
    private static partial Regex Clause();

    /// <summary>The third group is there for functions.</summary>
    [GeneratedRegex("""(?<![\w.])([a-zA-Z_:][\w:]*)\s*(\{(?:[^}"]|"[^"]*")*\})?\s*(\()?""")]
    private static partial Regex Name();

    [GeneratedRegex("""(\w+)\s*(=~|!~|!=|=)\s*"([^"]*)["]""")]
    private static partial Regex Matcher();
}
