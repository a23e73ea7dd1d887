using System.Text.Json.Nodes;
using IngressController.Kubernetes.Manifests.Documents;
using IngressController.Testing;

namespace IngressController.Unit.App.Metrics;

/// <summary>
/// What the alerts and the dashboard of the chart ask Prometheus, and what promtool tries the alerts on, against what the program tells: whoever misspells a metric or the value
/// of a label has an alert that never fires, and a panel that shows that all is well.
/// </summary>
public sealed class QuestionTests
{
    /// <summary>Beside those of docs/metrics.md, which are held against the instruments. EndToEnd holds them against the real program.</summary>
    private static readonly string[] Others =
    [
        "target_info", "process_cpu_seconds_total", "process_resident_memory_bytes", "process_open_fds", "process_max_fds",
        "dotnet_gc_pause_time_seconds_total", "dotnet_gc_heap_allocated_bytes_total", "dotnet_thread_pool_queue_length",
    ];

    /// <summary>What Prometheus adds, or makes of the program's labels because its targets have the same.</summary>
    private static readonly string[] OfTarget = ["job", "instance", "exported_namespace"];

    private static readonly ILookup<(string Metric, string Label), string> Words = EmittedWords.All();

    [Fact]
    public void Alerts_ask_for_metrics_and_values_that_there_are() => Assert.Empty(Rules().SelectMany(rule => SeriesSelector.Of((string)rule["expr"]!)).SelectMany(Mistakes));

    [Fact]
    public void The_dashboard_asks_for_metrics_and_values_that_there_are()
    {
        var panels = JsonNode.Parse(File.ReadAllText(Repository.Path("charts/ingress-controller/dashboards/ingress-controller.json")))!["panels"]!.AsArray();
        var questions = panels.SelectMany(panel => panel!["targets"]?.AsArray() ?? []).Select(target => (string)target!["expr"]!).ToList();
        Assert.True(questions.Count > 30);
        Assert.Empty(questions.SelectMany(SeriesSelector.Of).SelectMany(Mistakes));
    }

    [Fact]
    public void Alerts_are_tried_on_series_that_there_are() => Assert.Empty(Tried().SelectMany(SeriesSelector.Of).SelectMany(Mistakes));

    [Theory]
    [InlineData("""ingress_request_total{status="5xx"}""", "ingress_request_total is no metric")]
    [InlineData("""ingress_requests_total{statuts="5xx"}""", "ingress_requests_total has no label statuts")]
    [InlineData("""ingress_requests_total{status=~"4xx|6xx"}""", "status of ingress_requests_total is never 6xx")]
    [InlineData("""ingress_limit_hits_total{limit="max_connections"}""", "limit of ingress_limit_hits_total is never max_connections")]
    public void Whatever_is_misspelt_is_found(string question, string mistake) => Assert.Equal([mistake], SeriesSelector.Of(question).SelectMany(Mistakes));

    /// <summary>Connections that were idle, or have had their share of requests, end every day and tell nothing.</summary>
    [Fact]
    public void Every_limit_but_those_that_end_idle_connections_can_fire()
    {
        var rule = Rules().Single(rule => (string?)rule["alert"] == "IngressControllerLimits");
        var (_, comparison, quiet) = Assert.Single(Assert.Single(SeriesSelector.Of((string)rule["expr"]!)).Matchers);
        Assert.Equal("!~", comparison);
        Assert.Equal(["keep_alive_timeout", "requests_per_connection"], quiet.Split('|'));
    }

    private static IEnumerable<string> Mistakes(SeriesSelector selector)
    {
        if (!MetricsDocument.Rows.TryGetValue(selector.Family(MetricsDocument.Rows.Keys), out var row) && !Others.Contains(selector.Metric))
        {
            return [$"{selector.Metric} is no metric"];
        }

        return from matcher in selector.Matchers
               where !OfTarget.Contains(matcher.Label)
               let words = Words[(selector.Metric, matcher.Label)].ToList()
               from mistake in row?.Labels.Contains(matcher.Label) == false || (row is null && words.Count == 0) ? [$"{selector.Metric} has no label {matcher.Label}"]
                   : matcher.Value.StartsWith('$') ? []
                   : from value in matcher.Operator.EndsWith('~') ? matcher.Value.Split('|') : [matcher.Value]
                     where !IsName(matcher.Label) && !words.Contains(value)
                     select $"{matcher.Label} of {selector.Metric} is never {value}"
               select mistake;
    }

    /// <summary>Its values are the names of objects, or of what runs.</summary>
    private static bool IsName(string label) => label is "namespace" or "ingress" or "service" or "secret" or "destination" or "host" or "issuer" or "kind";

    private static IEnumerable<JsonNode> Rules() =>
        Read("charts/ingress-controller/rules/alerts.yaml")["groups"]!.AsArray().SelectMany(group => group!["rules"]!.AsArray()).Select(rule => rule!);

    private static IEnumerable<string> Tried() =>
        Read("tests/EndToEnd/Chart/alerts.yaml")["tests"]!.AsArray().SelectMany(test => test!["input_series"]!.AsArray()).Select(series => (string)series!["series"]!);

    private static JsonNode Read(string file) => JsonNode.Parse(YamlComposer.Compose(File.ReadAllText(Repository.Path(file)), 1).Single().ToJson())!;
}
