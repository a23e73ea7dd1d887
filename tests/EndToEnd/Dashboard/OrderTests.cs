using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using IngressController.Testing;
using IngressController.Testing.Acme;

namespace IngressController.EndToEnd.Dashboard;

/// <summary>What is told of certificates that Ingresses ask for, there or not.</summary>
public sealed partial class OrderTests
{
    [Fact]
    public async Task Each_certificate_that_is_asked_for_says_what_became_of_it()
    {
        await using var world = await OrderWorld.StartAsync();
        var issued = await world.BecomesAsync("issued", "issued");
        Assert.Equal($"""["{OrderWorld.Issued}"]""", issued["names"]!.ToJsonString());
        Assert.InRange((int)issued["daysLeft"]!, 88, 90);
        Assert.Equal(("default", "", 0), ((string)issued["order"]!["issuer"]!, (string)issued["order"]!["cause"]!, (int)issued["problems"]!));
        Assert.Null(issued["order"]!["nextTry"]);
        Assert.InRange((DateTimeOffset)issued["order"]!["nextRenewal"]!, (DateTimeOffset)issued["notBefore"]!, (DateTimeOffset)issued["notAfter"]!);

        var failed = await world.BecomesAsync("turned-down", "failed");
        Assert.Equal($"""["{OrderWorld.TurnedDown}"]""", failed["names"]!.ToJsonString());
        Assert.Contains("forbidden by policy", (string)failed["order"]!["cause"]!, StringComparison.Ordinal);
        Assert.True((DateTimeOffset)failed["order"]!["nextTry"]! > TimeProvider.System.GetUtcNow());
        Assert.Null(failed["notAfter"]);
        Assert.Null(failed["keyType"]);
        Assert.Equal("""["turned-down.example.com"]""", failed["hostNames"]!.ToJsonString());

        var refused = await world.BecomesAsync("refused", "refused");
        Assert.NotEqual("", (string)refused["order"]!["cause"]!);
        await Eventually.TrueAsync(async () => (int)(await world.BecomesAsync("turned-down", "failed"))["problems"]! == 1, "its problem is counted");
    }

    [Fact]
    public async Task Explain_says_why_a_host_has_no_certificate_yet()
    {
        await using var world = await OrderWorld.StartAsync();
        await world.SettledAsync();
        foreach (var (host, code, why) in new[] { (OrderWorld.TurnedDown, "AcmeFailed", "spec.tls[0]; the Secret does not exist yet: the controller obtains it by ACME"), ("refused.internal", "AcmeRefused", "spec.tls[0]; the Secret does not exist") })
        {
            JsonNode? found = null;
            await Eventually.TrueAsync(
                async () => (found = await world.Dashboard.GetAsync($"/api/explain?url=https://{host}/"))["problems"]!.AsArray().Any(problem => (string)problem!["code"]! == code), $"the problem of {host} is told");
            Assert.EndsWith("is shown the self-signed certificate, which the program makes", (string)found!["steps"]![3]!["text"]!, StringComparison.Ordinal);
            Assert.Equal(why, (string)found["steps"]![3]!["candidates"]![0]!["why"]!);
        }

        var issued = await world.Dashboard.GetAsync($"/api/explain?url=https://{OrderWorld.Issued}/");
        Assert.Equal("default/issued-tls", (string)issued["answer"]!["certificate"]!);
        Assert.DoesNotContain(issued["problems"]!.AsArray(), problem => ((string)problem!["code"]!).StartsWith("Acme", StringComparison.Ordinal));
    }

    /// <summary>Also those that are not ordered: what is wrong with them is a problem.</summary>
    [Fact]
    public async Task The_start_says_who_issues_and_for_how_many_hosts_certificates_are_wanted()
    {
        await using var world = await OrderWorld.StartAsync();
        var summary = (await world.Dashboard.Controller.Program.SaysAsync(@"(?s)is ready\n.*?problems[^\n]*\n")).Value;
        Assert.Contains($"acme      issuer default at {world.Authority.Directory}; 3 hosts want certificates", summary.Split('\n').Select(line => line.Trim()));
    }

    [Fact]
    public async Task They_are_found_by_what_became_of_them_and_the_overview_counts_them()
    {
        await using var world = await OrderWorld.StartAsync();
        await world.SettledAsync();
        Assert.Equal(["default/certificate", "default/issued-tls", "default/refused-tls", "default/turned-down-tls"], await NamesAsync(world, ""));
        Assert.Equal(["default/turned-down-tls"], await NamesAsync(world, "?state=failed"));
        Assert.Equal(["default/issued-tls"], await NamesAsync(world, "?state=issued"));
        Assert.Equal(["default/refused-tls"], await NamesAsync(world, "?state=refused"));
        Assert.Empty(await NamesAsync(world, "?state=waiting"));
        Assert.Equal(["default/turned-down-tls"], await NamesAsync(world, "?search=forbidden"));
        Assert.Equal("""{"issued":1,"pending":0,"failed":1,"refused":1}""", (await world.Dashboard.GetAsync("/api/overview"))["orders"]!.ToJsonString());
        var (status, body) = await world.Dashboard.AnswerAsync("/api/certificates?state=lost");
        Assert.Equal((400, """{"error":"state: 'lost' is not refused, waiting, ordered, proving, issued, failed"}"""), (status, body));
    }

    [Fact]
    public async Task They_are_as_described()
    {
        await using var world = await OrderWorld.StartAsync();
        await world.SettledAsync();
        var document = (await world.Dashboard.GetAsync("/api/openapi.json")).AsObject();
        foreach (var path in new[] { "/api/certificates", "/api/overview" })
        {
            var schema = document["paths"]![path]!["get"]!["responses"]!["200"]!["content"]!["application/json"]!["schema"]!.AsObject();
            Assert.Empty(new JsonSchema(document).Flaws(await world.Dashboard.GetAsync(path), schema, path));
        }
    }

    [Fact]
    public async Task Whoever_watches_is_told_when_an_order_goes_on()
    {
        await using var world = await OrderWorld.StartAsync();
        await world.SettledAsync();
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        world.Authority.Rules.Hold = step => step.Endpoint == AcmeEndpoint.Finalize ? asked.Task : Task.CompletedTask;
        world.Dashboard.Write("late", OrderWorld.Ingress("late", "late.example.com"));
        await world.BecomesAsync("late", "proving");
        using var events = await SseReader.OpenAsync(world.Dashboard, "/api/events");
        asked.SetResult();
        await events.NextAsync("changed");
        await world.BecomesAsync("late", "issued");
    }

    [Fact]
    public async Task Nothing_is_told_where_none_are_obtained()
    {
        await using var world = await DashboardWorld.StartAsync();
        Assert.Null((await world.GetAsync("/api/overview"))["orders"]);
        Assert.Null((await world.GetAsync("/api/certificates"))["items"]![0]!["order"]);
        Assert.Empty((await world.GetAsync("/api/certificates?state=issued"))["items"]!.AsArray());
        Assert.DoesNotContain("ingress_acme_", await world.Controller.Admin.GetStringAsync("/metrics"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task They_are_measured_and_promtool_and_the_documentation_agree()
    {
        await using var world = await OrderWorld.StartAsync();
        await world.SettledAsync();
        var scrape = "";
        await Eventually.TrueAsync(
            async () =>
            {
                scrape = await world.Dashboard.Controller.Admin.GetStringAsync("/metrics");
                string[] lines =
                [
                    """ingress_acme_certificates{state="issued"} 1""", """ingress_acme_certificates{state="failed"} 1""", """ingress_acme_certificates{state="refused"} 1""", """ingress_acme_certificates{state="proving"} 0""",
                    """ingress_acme_orders_total{issuer="default",outcome="issued"} 1""", """ingress_acme_orders_total{issuer="default",outcome="failed"} 1""",
                ];
                return lines.All(line => scrape.Split('\n').Contains(line));
            },
            "they are counted");
        Assert.Matches(@"(?m)^ingress_acme_next_renewal_seconds 1\d{9}$", scrape);

        var table = await File.ReadAllTextAsync(Repository.Path("docs/metrics.md"));
        Assert.All(Family().Matches(scrape), family => Assert.Contains($"| `{family.Groups[1].Value}` | {family.Groups[2].Value} |", table, StringComparison.Ordinal));
        using var directory = new TemporaryDirectory();
        directory.Write("metrics", scrape);
        var (exitCode, output, errors) = await RunningProgram.RunAsync("bash", ["-c", "promtool check metrics < \"$0\"", directory.File("metrics")]);
        Assert.Equal((0, ""), (exitCode, output + errors));
    }

    private static Task<string[]> NamesAsync(OrderWorld world, string query) => ApiTests.NamesAsync(world.Dashboard, $"/api/certificates{query}", "secret");

    [GeneratedRegex(@"^# TYPE (ingress_acme_\w+) (\w+)$", RegexOptions.Multiline)]
    private static partial Regex Family();
}
