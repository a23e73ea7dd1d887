using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using IngressController.Testing;

namespace IngressController.EndToEnd.Metrics;

/// <summary>What the program says of itself, and what Debian's promtool says of that.</summary>
public sealed partial class ScrapeTests
{
    [Theory]
    [InlineData]
    [InlineData("--nginx-metric-names")]
    [InlineData("--metrics-hosts")]
    public async Task Promtool_has_nothing_to_say_against_it(params string[] flags)
    {
        await using var world = await MeasuredWorld.StartAsync(flags);
        await world.TrafficAsync();
        await world.TrafficAsync();
        using var directory = new TemporaryDirectory();
        directory.Write("metrics", await world.ScrapeAsync());
        var (exitCode, output, errors) = await RunningProgram.RunAsync("bash", ["-c", "promtool check metrics < \"$0\"", directory.File("metrics")]);
        Assert.Equal((0, ""), (exitCode, output + errors));
    }

    [Fact]
    public async Task Requests_are_counted_by_their_ingress_and_status()
    {
        await using var world = await MeasuredWorld.StartAsync();
        await world.TrafficAsync();
        await Eventually.TrueAsync(
            async () =>
            {
                var lines = (await world.ScrapeAsync()).Split('\n');
                return lines.Contains($$"""ingress_requests_total{ingress="shop",namespace="default",service="web:80",status="2xx"} {{MeasuredWorld.Answered + 1}}""")
                    && lines.Contains("""ingress_requests_total{ingress="broken",namespace="default",service="nowhere:80",status="5xx"} 1""")
                    && lines.Contains("""ingress_requests_total{status="4xx"} 1""");
            },
            "the requests are counted");
    }

    [Fact]
    public async Task Every_sample_is_of_a_family_that_stands_before_it_and_no_family_stands_twice()
    {
        await using var world = await MeasuredWorld.StartAsync("--nginx-metric-names");
        await world.TrafficAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics") { Headers = { Accept = { MediaTypeWithQualityHeaderValue.Parse("application/openmetrics-text; version=1.0.0") } } };
        using var answer = await world.Controller.Admin.SendAsync(request);
        Assert.Equal("application/openmetrics-text; version=1.0.0; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        var lines = (await answer.Content.ReadAsStringAsync()).Split('\n');
        Assert.Equal(["# EOF", ""], lines[^2..]);
        var families = new HashSet<string>();
        var samples = new HashSet<string>();
        var (family, type) = ("", "");
        foreach (var line in lines[..^2])
        {
            if (Comment().Match(line) is { Success: true } comment)
            {
                Assert.True(comment.Groups[1].Value != "HELP" || families.Add(comment.Groups[2].Value), line);
                (family, type) = (comment.Groups[2].Value, comment.Groups[1].Value == "TYPE" ? comment.Groups[3].Value : type);
                continue;
            }

            var sample = Sample().Match(line);
            Assert.True(sample.Success, line);
            Assert.True(samples.Add(sample.Groups[1].Value + sample.Groups[2].Value), line);
            var suffix = sample.Groups[1].Value[family.Length..];
            Assert.Contains(suffix, type switch { "counter" => ["_total"], "histogram" => ["_bucket", "_sum", "_count"], "info" => ["_info"], _ => new[] { "" } });
        }
    }

    [Fact]
    public async Task A_scrape_while_the_program_ends_is_whole_or_refused()
    {
        await using var world = await MeasuredWorld.StartAsync("--shutdown-delay", "1s");
        var scraping = Task.Run(async () =>
        {
            while (await AnswerAsync(world.Controller.Admin) is { } answer)
            {
                var text = await answer.Content.ReadAsStringAsync(); // throws where it is cut off
                Assert.True(answer.StatusCode == HttpStatusCode.ServiceUnavailable || text.Contains("target_info", StringComparison.Ordinal));
            }
        });
        await world.Controller.Program.SignalAsync("TERM");
        Assert.Equal(0, await world.Controller.Program.ExitCodeAsync());
        await scraping.InTime();
        Assert.DoesNotContain("xception", world.Controller.Program.Errors, StringComparison.Ordinal);
    }

    /// <summary>Null when nobody answers any more.</summary>
    private static async Task<HttpResponseMessage?> AnswerAsync(HttpClient admin)
    {
        try
        {
            return await admin.GetAsync("/metrics", HttpCompletionOption.ResponseHeadersRead);
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"^# (HELP|TYPE|UNIT) (\S+) (.+)$")]
    private static partial Regex Comment();

    [GeneratedRegex("""^([a-zA-Z_:][a-zA-Z0-9_:]*)((?:\{(?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\["\\n])*",?)*\})?) (?:[-+]?[0-9.eE+-]+|NaN|[+-]Inf)(?: # \{.*\} \S+ \S+)?$""")]
    private static partial Regex Sample();
}
