using System.Text.RegularExpressions;

namespace IngressController.Testing;

/// <summary>What docs/metrics.md says of the metrics.</summary>
/// <param name="Unit">As the table has it; empty where there is none.</param>
public sealed partial record MetricsDocument(string Name, string Type, IReadOnlyList<string> Labels, string Unit)
{
    private static readonly string Text = File.ReadAllText(Repository.Path("docs/metrics.md"));

    /// <summary>By name: every row of its tables with a single metric.</summary>
    public static IReadOnlyDictionary<string, MetricsDocument> Rows { get; } = Row().Matches(Text)
        .Select(row => new MetricsDocument(row.Groups[1].Value, row.Groups[2].Value, row.Groups[3].Value.Split(", ", StringSplitOptions.RemoveEmptyEntries), row.Groups[4].Value))
        .ToDictionary(row => row.Name);

    /// <summary>Those that <c>/metrics</c> need not have.</summary>
    public static IReadOnlySet<string> OfEvents { get; } = Quoted().Matches(Events().Match(Text).Value).Select(name => name.Groups[1].Value).ToHashSet();

    [GeneratedRegex(@"^\| `(ingress_\w+)` \| (\w+) \| ([^|]*?) ?\| ?([^|]*?) ?\|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"^Shown only from its first event on.+?^$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Events();

    [GeneratedRegex(@"`(ingress_\w+)`")]
    private static partial Regex Quoted();
}
