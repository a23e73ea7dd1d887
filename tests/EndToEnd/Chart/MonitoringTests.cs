using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using IngressController.Testing;

namespace IngressController.EndToEnd.Chart;

/// <summary>The dashboard and the alert rules, as far as no Prometheus is needed for it, and what Debian's promtool says of the rules.</summary>
public sealed class MonitoringTests
{
    private const string Rules = $"{Helm.ChartPath}/rules/alerts.yaml";

    [Fact]
    public async Task The_dashboard_is_found_by_the_sidecar_and_is_the_file()
    {
        var item = (await Helm.TemplateAsync("--set", "metrics.dashboards.enabled=true")).One("ConfigMap");
        Assert.Equal("edge-ingress-controller-dashboards ingress 1", $"{item["metadata"]!["name"]} {item["metadata"]!["namespace"]} {item["metadata"]!["labels"]!["grafana_dashboard"]}");
        var file = JsonNode.Parse(await File.ReadAllTextAsync(Repository.Path($"{Helm.ChartPath}/dashboards/ingress-controller.json")));
        Assert.True(JsonNode.DeepEquals(file, JsonNode.Parse((string)item["data"]!["ingress-controller.json"]!)));
    }

    [Fact]
    public async Task The_alerts_are_the_file_and_only_where_somebody_reads_them()
    {
        string[] values = ["--set", "metrics.alerts.enabled=true"];
        Assert.Empty((await Helm.TemplateAsync(values)).All("PrometheusRule"));
        var item = (await Helm.TemplateAsync([.. values, "--api-versions", "monitoring.coreos.com/v1"])).One("PrometheusRule");
        Assert.True(JsonNode.DeepEquals(ReadRules(), item["spec"]));
    }

    [Fact]
    public async Task Neither_is_there_unless_one_wants_it() =>
        Assert.DoesNotContain((await Helm.TemplateAsync("--api-versions", "monitoring.coreos.com/v1")).Objects, item => (string?)item["kind"] is "ConfigMap" or "PrometheusRule");

    [Fact]
    public async Task Ingress_nginx_names_are_a_value() =>
        Assert.Contains("--nginx-metric-names", (await Helm.TemplateAsync("--set", "metrics.nginxNames=true")).Arguments());

    [Theory]
    [InlineData("check", Rules)]
    [InlineData("test", "tests/EndToEnd/Chart/alerts.yaml")]
    public async Task Promtool_takes_the_rules(string command, string file)
    {
        var (exitCode, output, errors) = await Helm.RunAsync("promtool", [command, "rules", file]);
        Assert.True(exitCode == 0, output + errors);
        Assert.Contains("SUCCESS", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_alert_is_shown_firing_and_has_its_section()
    {
        var shown = File.ReadAllText(Repository.Path("tests/EndToEnd/Chart/alerts.yaml"));
        var sections = Regex.Matches(File.ReadAllText(Repository.Path("docs/operation.md")), "^### (.+)$", RegexOptions.Multiline).Select(match => match.Groups[1].Value).ToList();
        var rules = ReadRules()["groups"]!.AsArray().SelectMany(group => group!["rules"]!.AsArray()).ToList();
        Assert.NotEmpty(rules);
        Assert.All(rules, rule =>
        {
            var name = (string)rule!["alert"]!;
            Assert.Equal($"docs/operation.md#{name.ToLowerInvariant()}", (string?)rule["annotations"]!["runbook"]);
            Assert.Contains(name, sections);
            Assert.Matches($"alertname: {name}\\b[^#]*?exp_alerts: *\\n? *- exp_labels", shown);
            Assert.Matches($"alertname: {name}\\b[^#]*?exp_alerts: \\[\\]", shown);
        });
    }

    private static JsonObject ReadRules() => Rendering.Of(File.ReadAllText(Repository.Path(Rules))).Objects.Single();
}
