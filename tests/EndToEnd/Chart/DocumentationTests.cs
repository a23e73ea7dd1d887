using System.Text.RegularExpressions;
using IngressController.Testing;

namespace IngressController.EndToEnd.Chart;

public sealed class DocumentationTests
{
    [Fact]
    public async Task The_page_of_the_chart_is_made_from_its_values()
    {
        var (exitCode, output, errors) = await Helm.RunAsync(Repository.Path("charts/document"), []);
        Assert.True(exitCode == 0, errors);
        Assert.Equal(output, File.ReadAllText(Repository.Path("docs/chart.md")));
    }

    /// <summary>As far as one gets without a cluster: what they name is there, and the chart takes what they set.</summary>
    [Theory]
    [InlineData("README.md")]
    [InlineData("docs/certificates.md")]
    [InlineData("docs/install.md")]
    [InlineData("docs/monitoring.md")]
    [InlineData("samples/clouds/README.md")]
    public async Task Documented_installs_and_upgrades_render(string document)
    {
        var text = File.ReadAllText(Repository.Path(document)).Replace("\\\n", "", StringComparison.Ordinal);
        var commands = Regex.Matches(text, "^    helm (?:install|upgrade) (.+)$", RegexOptions.Multiline);
        Assert.NotEmpty(commands);
        foreach (var arguments in commands.Select(command => Regex.Replace(command.Groups[1].Value, "--create-namespace|--reset-then-reuse-values", "")))
        {
            var (exitCode, _, errors) = await Helm.RunAsync("bash", ["-c", $"helm template {arguments}"]);
            Assert.True(exitCode == 0, $"{arguments}: {errors}");
        }
    }

    [Fact]
    public void Every_value_has_its_row()
    {
        var rows = Regex.Matches(File.ReadAllText(Repository.Path("docs/chart.md")), @"^\| `([\w.]+)` \| .*? \| (.+) \|$", RegexOptions.Multiline)
            .ToDictionary(row => row.Groups[1].Value, row => row.Groups[2].Value);
        var values = Rendering.Of(File.ReadAllText(Repository.Path($"{Helm.ChartPath}/values.yaml"))).Objects.Single();
        Assert.All(values.SelectMany(pair => Leaves(pair.Key, pair.Value, rows)), key => Assert.True(rows.ContainsKey(key), $"{key} has no comment of its own"));
        Assert.All(rows.Values, text => Assert.NotEmpty(text));
    }

    /// <summary>The keys that need a row: below a key whose children have rows all of them do.</summary>
    private static IEnumerable<string> Leaves(string key, System.Text.Json.Nodes.JsonNode? value, Dictionary<string, string> rows)
    {
        var isSplit = rows.Keys.Any(row => row.StartsWith($"{key}.", StringComparison.Ordinal));
        return isSplit && value is System.Text.Json.Nodes.JsonObject map
            ? map.SelectMany(pair => Leaves($"{key}.{pair.Key}", pair.Value, rows)).Prepend(key)
            : [key];
    }
}
