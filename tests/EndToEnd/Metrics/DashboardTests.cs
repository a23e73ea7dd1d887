using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using IngressController.EndToEnd.Chart;
using IngressController.Testing;

namespace IngressController.EndToEnd.Metrics;

/// <summary>Whatever the dashboards ask, a real Prometheus that scrapes the real program under traffic finds.</summary>
public sealed class DashboardTests
{
    private const string Dashboard = "charts/ingress-controller/dashboards/ingress-controller.json";

    [Fact]
    public async Task Every_question_of_the_dashboard_is_answered()
    {
        var dashboard = JsonNode.Parse(await File.ReadAllTextAsync(Repository.Path(Dashboard)))!;
        var panels = dashboard["panels"]!.AsArray().Where(panel => (string?)panel!["type"] != "row").ToList();
        var questions = panels.SelectMany(panel => panel!["targets"]!.AsArray().Select(target => (string)target!["expr"]!)).ToList();
        var variables = dashboard["templating"]!["list"]!.AsArray().Where(variable => (string?)variable!["type"] == "query").ToList();
        Assert.True(panels.Count > 20 && variables.Count == 3);
        await using var world = await MeasuredWorld.StartAsync();
        await world.TrafficAsync();
        var rules = Rendering.Of(await File.ReadAllTextAsync(Repository.Path("charts/ingress-controller/rules/alerts.yaml"))).Objects.Single();
        var alerts = rules["groups"]!.AsArray().SelectMany(group => group!["rules"]!.AsArray()).Select(rule => (string)rule!["expr"]!);
        await AssertThereAsync(world, [.. questions, .. alerts]);
        await AskAsync(world, [.. questions, .. variables.Select(variable => LabelValues((string)variable!["definition"]!))], Filled);
    }

    [Fact]
    public async Task Every_question_of_the_dashboards_of_ingress_nginx_is_answered()
    {
        var questions = (await File.ReadAllLinesAsync(Repository.Path("tests/EndToEnd/Metrics/nginx-queries.txt"))).Where(line => line.Length > 0 && line[0] != '#').ToList();
        Assert.True(questions.Count > 30);
        await using var world = await MeasuredWorld.StartAsync("--nginx-metric-names");
        var controller = $"controller_pod=~\"{Environment.MachineName}\", controller_class=~\"yarp.ingress.kubernetes.io/controller\", controller_namespace=~\"default\"";
        await AskAsync(world, questions, question => question
            .Replace("{C", $"{{{controller}", StringComparison.Ordinal)
            .Replace(", C}", $", {controller}}}", StringComparison.Ordinal)
            .Replace("{I", $"{{{controller}, ingress=~\"shop|secure\", exported_namespace=~\"default\"", StringComparison.Ordinal)
            .Replace("[W]", "[1m]", StringComparison.Ordinal));
    }

    /// <summary>Some questions are answered by <c>or vector(0)</c>, whatever they ask for.</summary>
    private static async Task AssertThereAsync(MeasuredWorld world, IReadOnlyList<string> questions)
    {
        var metrics = questions.SelectMany(SeriesSelector.Of).Where(selector => !MetricsDocument.OfEvents.Contains(selector.Family(MetricsDocument.OfEvents))).Select(selector => selector.Metric).Distinct().ToList();
        Assert.True(metrics.Count > 20);
        foreach (var metric in metrics)
        {
            await Eventually.TrueAsync(async () => Regex.IsMatch(await world.ScrapeAsync(), $"^{metric}[{{ ]", RegexOptions.Multiline), $"{metric}, which is asked for");
        }
    }

    private static async Task AskAsync(MeasuredWorld world, IReadOnlyList<string> questions, Func<string, string> filled)
    {
        await world.TrafficAsync();
        await using var prometheus = await PrometheusProcess.StartAsync(world.Controller.Admin.BaseAddress!, "namespace: edge, pod: edge-1");
        using var end = new CancellationTokenSource();
        var traffic = world.TrafficAsync(end.Token);
        foreach (var question in questions)
        {
            await (question.StartsWith('?') ? prometheus.QueryAsync(filled(question[1..])) : prometheus.FindsAsync(filled(question)));
        }

        await end.CancelAsync();
        await traffic;
    }

    private static string Filled(string question)
    {
        var filled = question.Replace("$__rate_interval", "1m", StringComparison.Ordinal).Replace("$job", ".*", StringComparison.Ordinal)
            .Replace("$namespace", ".*", StringComparison.Ordinal).Replace("$ingress", ".*", StringComparison.Ordinal);
        Assert.DoesNotContain("$", filled, StringComparison.Ordinal);
        return filled;
    }

    /// <summary>Grafana's question for the values of a label, as PromQL that finds them.</summary>
    private static string LabelValues(string definition)
    {
        var match = Regex.Match(definition, @"^label_values\((.+)\}, (\w+)\)$");
        Assert.True(match.Success, definition);
        return $"count by ({match.Groups[2].Value}) ({match.Groups[1].Value}, {match.Groups[2].Value}!=\"\"}})";
    }
}
