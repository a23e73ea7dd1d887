using System.Text.Json.Nodes;
using IngressController.EndToEnd.App;
using IngressController.Testing;

namespace IngressController.EndToEnd.Dashboard;

/// <summary>What the API says is what stands and what happened.</summary>
public sealed class ApiTests
{
    [Fact]
    public async Task An_overview_says_what_is_served()
    {
        await using var world = await DashboardWorld.StartAsync();
        var overview = await world.GetAsync("/api/overview");
        Assert.True((bool)overview["ready"]!);
        Assert.Null(overview["obstacle"]);
        Assert.Null(overview["leader"]);
        Assert.StartsWith("manifests in ", (string)overview["source"]!, StringComparison.Ordinal);
        Assert.Equal("""{"ingresses":3,"hosts":3,"routes":3,"backends":3,"destinations":2,"certificates":1}""", overview["counts"]!.ToJsonString());
        Assert.Equal("""{"error":1,"warning":0}""", overview["problems"]!.ToJsonString());
        Assert.Equal(150, overview["history"]!.AsArray().Count);
    }

    [Fact]
    public async Task Hosts_are_found_by_search_and_filters()
    {
        await using var world = await DashboardWorld.StartAsync();
        Assert.Equal(["blog.test", "gone.test", "shop.test"], await NamesAsync(world, "/api/hosts", "host"));
        Assert.Equal(["shop.test"], await NamesAsync(world, "/api/hosts?search=SHOP", "host"));
        Assert.Equal(["gone.test"], await NamesAsync(world, "/api/hosts?problem=ServiceNotFound", "host"));
        Assert.Equal(["gone.test"], await NamesAsync(world, "/api/hosts?problem=any", "host"));
        Assert.Equal(["gone.test"], await NamesAsync(world, "/api/hosts?offset=1&limit=1", "host"));
        Assert.Equal(3, (int)(await world.GetAsync("/api/hosts?offset=1&limit=1"))["total"]!);
        Assert.Empty(await NamesAsync(world, "/api/hosts?namespace=other", "host"));
        Assert.Equal(3, (await NamesAsync(world, "/api/hosts?class=yarp&namespace=default", "host")).Length);
        var shop = (await world.GetAsync("/api/hosts?search=shop"))["items"]![0]!;
        Assert.Equal("""["terminated","default/certificate"]""", new JsonArray(shop["tls"]!.DeepClone(), shop["certificate"]!.DeepClone()).ToJsonString());
    }

    [Theory]
    [InlineData("bücher")]
    [InlineData("BÜCHER.ex")]
    [InlineData("xn--bcher")]
    public async Task A_host_beyond_ASCII_is_found_in_both_of_its_forms(string search)
    {
        await using var world = await DashboardWorld.StartAsync(world =>
        {
            world.Write("books", DashboardWorld.Ingress("books", "xn--bcher-kva.example.test", "/", "web", "[]"));
            world.Write("no-name", DashboardWorld.Ingress("no-name", "xn--0.example.test", "/", "web", "[]")); // nothing that it could stand for
        });
        Assert.Equal(["xn--bcher-kva.example.test"], await NamesAsync(world, $"/api/hosts?search={Uri.EscapeDataString(search)}", "host"));
    }

    [Fact]
    public async Task A_host_that_only_others_answer_for_is_not_there_and_they_are_named()
    {
        await using var world = await DashboardWorld.StartAsync(world => world.Write("wild", DashboardWorld.Ingress("wild", "\"*.wild.test\"", "/", "web", "[]")));
        Assert.Equal((404, """{"error":"no Ingress of ours declares this host; the wildcard *.wild.test answers for it"}"""), await world.AnswerAsync("/api/hosts/x.wild.test"));
        Assert.Equal((404, """{"error":"no Ingress of ours declares this host"}"""), await world.AnswerAsync("/api/hosts/y.x.wild.test"));
        world.Write("any", DashboardWorld.Ingress("any", "\"\"", "/any", "web", "[]"));
        await Eventually.TrueAsync(async () => (await world.AnswerAsync("/api/hosts/*")).Status == 200, "rules without a host are served");
        Assert.Equal((404, """{"error":"no Ingress of ours declares this host; rules without a host, * here, answer for it"}"""), await world.AnswerAsync("/api/hosts/y.x.wild.test"));
    }

    [Fact]
    public async Task A_host_shows_its_routes_with_backends_and_problems()
    {
        await using var world = await DashboardWorld.StartAsync(world => world.Write("more", DashboardWorld.Ingress("more", "shop.test", "/more", "dead", "[]")));
        var shop = await world.GetAsync("/api/hosts/shop.test");
        Assert.Equal(["/more", "/"], shop["routes"]!.AsArray().Select(route => (string)route!["path"]!));
        Assert.Equal($"127.0.0.1:{world.Backend.Port}", (string)shop["routes"]![1]!["backend"]!["destinations"]![0]!["address"]!);
        Assert.Equal("balancing", (string)shop["routes"]![0]!["policies"]![0]!["name"]!);
        var gone = await world.GetAsync("/api/hosts/gone.test");
        var problem = gone["routes"]![0]!["problems"]![0]!;
        Assert.Equal("ServiceNotFound", (string)problem["code"]!);
        Assert.Equal("gone.test", (string)problem["host"]!);
        Assert.Equal((404, """{"error":"no Ingress of ours declares this host"}"""), await world.AnswerAsync("/api/hosts/nobody.test"));
        Assert.Equal(404, (await world.AnswerAsync("/api/hosts/*")).Status);
    }

    [Fact]
    public async Task Rules_without_a_host_are_the_host_named_by_an_asterisk()
    {
        await using var world = await DashboardWorld.StartAsync(world => world.Write("any", DashboardWorld.Ingress("any", "\"\"", "/any", "web", "[]")));
        Assert.Equal("*", (string)(await world.GetAsync("/api/hosts/*"))["host"]!);
        Assert.Contains("*", await NamesAsync(world, "/api/hosts", "host"));
    }

    [Fact]
    public async Task Backends_certificates_and_problems_are_listed()
    {
        await using var world = await DashboardWorld.StartAsync();
        Assert.Equal(["default/missing:80"], await NamesAsync(world, "/api/backends?state=empty", "key"));
        Assert.Equal(["default/dead:80", "default/web:80"], await NamesAsync(world, "/api/backends?state=ok", "key"));
        var certificate = (await world.GetAsync("/api/certificates"))["items"]![0]!;
        Assert.Equal("default/certificate", (string)certificate["secret"]!);
        Assert.Equal("""["shop.test"]""", certificate["hostNames"]!.ToJsonString());
        Assert.InRange((int)certificate["daysLeft"]!, 80, 90);
        Assert.Equal(["ServiceNotFound"], await NamesAsync(world, "/api/problems?severity=error", "code"));
        Assert.Empty(await NamesAsync(world, "/api/problems?severity=warning", "code"));
        Assert.Equal(["ServiceNotFound"], await NamesAsync(world, "/api/problems?search=gone.test", "code"));
    }

    [Fact]
    public async Task Secrets_without_a_certificate_are_listed_and_counted_with_what_is_wrong()
    {
        await using var world = await DashboardWorld.StartAsync(world =>
        {
            world.Write("bad", "apiVersion: v1\nkind: Secret\nmetadata: { name: bad }\ntype: kubernetes.io/tls\ndata: { tls.crt: YQ==, tls.key: YQ== }\n");
            world.Write("worse", DashboardWorld.Ingress("worse", "worse.test", "/", "web", "[{ hosts: [worse.test], secretName: bad }, { hosts: [other.test], secretName: certificate }]"));
        });
        var list = await world.GetAsync("/api/certificates");
        Assert.Equal(((int)(await world.GetAsync("/api/overview"))["counts"]!["certificates"]!, 2), ((int)list["total"]!, list["items"]!.AsArray().Count));
        var (bad, good) = (list["items"]![0]!, list["items"]![1]!);
        Assert.Equal(("default/bad", "has no private key in its tls.key", 1), ((string)bad["secret"]!, (string?)bad["defect"], (int)bad["problems"]!));
        Assert.Equal("""["worse.test"]""", bad["hostNames"]!.ToJsonString());
        Assert.Null(bad["notAfter"]);
        Assert.Equal(("default/certificate", null, 1), ((string)good["secret"]!, (string?)good["defect"], (int)good["problems"]!)); // that it is not for other.test
        Assert.Equal(["default/bad"], await NamesAsync(world, "/api/certificates?search=no private key in", "secret"));
    }

    [Fact]
    public async Task What_lists_can_be_narrowed_to_is_what_there_is()
    {
        await using var world = await DashboardWorld.StartAsync(world => world.Write(
            "other", DashboardWorld.Ingress("other", "other.test", "/", "web", "[]").Replace("{ name: other }", "{ name: other, namespace: elsewhere }", StringComparison.Ordinal)));
        Assert.Equal("""{"namespaces":["default","elsewhere"],"classes":["yarp"]}""", (await world.GetAsync("/api/choices")).ToJsonString());
    }

    [Fact]
    public async Task Endpoints_that_get_no_requests_are_shown_with_the_reason()
    {
        await using var world = await DashboardWorld.StartAsync(world => world.Write("web", World.Service("web", world.Backend.Port).Replace(
            "[{ addresses: [127.0.0.1] }]",
            "[{ addresses: [127.0.0.1] }, { addresses: [127.0.0.2], zone: west, conditions: { ready: false } }, { addresses: [127.0.0.3], conditions: { ready: false, serving: true, terminating: true } }]",
            StringComparison.Ordinal)));
        var web = (await world.GetAsync("/api/backends?search=web"))["items"]![0]!;
        Assert.Equal(world.Backend.Destination.ToString(), (string)Assert.Single(web["destinations"]!.AsArray())!["address"]!);
        Assert.Equal(
            $$"""[{"address":"127.0.0.2:{{world.Backend.Port}}","zone":"west","why":"notReady"},{"address":"127.0.0.3:{{world.Backend.Port}}","zone":null,"why":"terminating"}]""",
            web["passedOver"]!.ToJsonString());
    }

    [Theory]
    [InlineData("/api/hosts?limit=0", "limit: '0' is not a whole number from 1 to 1000")]
    [InlineData("/api/hosts?limit=1001", "limit: '1001' is not a whole number from 1 to 1000")]
    [InlineData("/api/hosts?offset=-1", "offset: '-1' is not a whole number from 0 to 2147483647")]
    [InlineData("/api/hosts?serach=x", "there is no parameter serach here; there are search, namespace, class, problem, offset, limit")]
    [InlineData("/api/hosts?search=a&search=b", "search is given more than once")]
    [InlineData("/api/hosts?problem=Sad", "problem: 'Sad' is no code of a problem, and not any")]
    [InlineData("/api/problems?severity=fatal", "severity: 'fatal' is not warning, error")]
    [InlineData("/api/backends?state=1", "state: '1' is not ok, failing, empty")]
    [InlineData("/api/top?by=path", "by: 'path' is not host, ingress, service")]
    [InlineData("/api/tail?status=6xx", "status: '6xx' is not a status or a class, as in 404 or 5xx")]
    [InlineData("/api/explain", "url is missing")]
    [InlineData("/api/explain?url=ftp://a/", "url: 'ftp://a/' is not an http or https URL")]
    public async Task What_cannot_be_understood_is_said(string target, string error)
    {
        await using var world = await DashboardWorld.StartAsync();
        var (status, body) = await world.AnswerAsync(target);
        Assert.Equal((400, error), (status, (string?)JsonNode.Parse(body)!["error"]));
    }

    [Fact]
    public async Task Too_much_to_ask_is_refused()
    {
        await using var world = await DashboardWorld.StartAsync();
        Assert.Equal(400, (await world.AnswerAsync($"/api/hosts?search={new string('a', 257)}")).Status);
        Assert.Equal(414, (await world.AnswerAsync($"/api/hosts?search={new string('a', 9000)}")).Status);
        Assert.Equal(404, (await world.AnswerAsync("/api/nothing")).Status);
    }

    internal static async Task<string[]> NamesAsync(DashboardWorld world, string target, string member) =>
        [.. (await world.GetAsync(target))["items"]!.AsArray().Select(item => (string)item![member]!)];
}
