using System.Text.RegularExpressions;
using IngressController.Testing;

namespace IngressController.EndToEnd.Metrics;

/// <summary>docs/metrics.md against what the program really shows.</summary>
public sealed partial class MetricsDocumentTests
{
    [Fact]
    public async Task Every_family_and_label_that_is_shown_stands_in_the_table()
    {
        await using var world = await MeasuredWorld.StartAsync("--metrics-hosts");
        await world.TrafficAsync();
        var scrape = await world.ScrapeAsync();

        var types = Type().Matches(scrape).ToDictionary(type => type.Groups[1].Value, type => type.Groups[2].Value);
        Assert.All(["ingress_requests_total", "ingress_request_duration_seconds", "ingress_objects", "ingress_tls_handshakes_total"], name => Assert.Contains(name, types.Keys));
        Assert.All(types, shown => Assert.Equal(shown.Value, MetricsDocument.Rows.GetValueOrDefault(shown.Key)?.Type));
        Assert.Empty(MetricsDocument.OfEvents.Except(MetricsDocument.Rows.Keys));
        Assert.Empty(MetricsDocument.Rows.Keys.Except(types.Keys).Except(MetricsDocument.OfEvents));
        var samples = Sample().Matches(scrape).Select(sample => (
            Family: types.Keys.Single(family => sample.Groups[1].Value == family || Regex.IsMatch(sample.Groups[1].Value, $"^{family}_(bucket|sum|count)$")),
            Labels: Label().Matches(sample.Groups[2].Value).Select(label => label.Groups[1].Value).Where(label => label != "le"))).ToList();
        Assert.All(samples, sample => Assert.Empty(sample.Labels.Except(MetricsDocument.Rows[sample.Family].Labels)));
        Assert.All(
            samples.GroupBy(sample => sample.Family),
            family => Assert.Equal(MetricsDocument.Rows[family.Key].Labels.Order(), family.SelectMany(sample => sample.Labels).Distinct().Order()));
    }

    [GeneratedRegex(@"^# TYPE (ingress_\w+) (\w+)$", RegexOptions.Multiline)]
    private static partial Regex Type();

    [GeneratedRegex(@"^(ingress_\w+)(?:\{(.*)\})? \S+", RegexOptions.Multiline)]
    private static partial Regex Sample();

    [GeneratedRegex("""(\w+)="[^"]*"[,]?""")]
    private static partial Regex Label();
}
