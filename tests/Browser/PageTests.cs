using IngressController.Browser.Worlds;
using Microsoft.Playwright;

namespace IngressController.Browser;

public sealed class PageTests(SmallWorld small) : IClassFixture<SmallWorld>
{
    private readonly World world = small.World;

    [Fact]
    public async Task The_overview_shows_traffic_as_it_comes()
    {
        await using var tab = await world.OpenAsync();
        using var enough = new CancellationTokenSource();
        var browsing = small.BrowseAsync(enough.Token);
        await Assertions.Expect(tab.Page.Locator(".strip div", new() { HasText = "Requests" }).Locator("dd")).Not.ToHaveTextAsync("0/s");
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Table, new() { Name = "Busiest hosts" }).GetByRole(AriaRole.Link, new() { Name = SmallWorld.Shop })).ToBeVisibleAsync();
        await Assertions.Expect(tab.Page.Locator(".chart .line").First).ToBeAttachedAsync();
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Img, new() { Name = "Requests over the last five minutes" })).ToBeVisibleAsync();
        await enough.CancelAsync();
        await browsing;
        await tab.SeesAsync("ServiceNotFound");
        await tab.SeesAsync("3 Ingresses, 4 routes to 4 destinations");
        tab.AssertQuiet();
    }

    [Fact]
    public async Task A_host_leads_to_its_routes_policies_and_destinations()
    {
        await using var tab = await world.OpenAsync("hosts");
        await Assertions.Expect(tab.Rows).ToHaveCountAsync(3);
        await Assertions.Expect(tab.Rows.Filter(new() { HasText = SmallWorld.Shop })).ToContainTextAsync("shop/shop-tls");
        await tab.Page.GetByRole(AriaRole.Link, new() { Name = SmallWorld.Shop, Exact = true }).ClickAsync();
        await Assertions.Expect(tab.Heading).ToHaveTextAsync(SmallWorld.Shop);
        await Assertions.Expect(tab.Page.Locator(".route h2")).ToHaveTextAsync(["Prefix /cart", "Prefix /"]);
        await Assertions.Expect(tab.Page.Locator(".route").Nth(1).Locator(".chain li").First).ToContainTextAsync("max body size");
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Table, new() { Name = "Destinations of shop/web" }).Locator("tbody tr")).ToHaveCountAsync(2);
        await tab.SeesAsync("zone-1");
        tab.AssertQuiet();
    }

    [Fact]
    public async Task A_route_whose_Service_is_missing_says_so_and_how_to_cure_it()
    {
        await using var tab = await world.OpenAsync($"hosts/{SmallWorld.Broken}");
        await tab.SeesAsync("Service shop/nowhere does not exist");
        await tab.SeesAsync("Cure: Create it, or correct the backend's name.");
        await tab.SeesAsync("No destination");
    }

    [Theory]
    [InlineData("search=shop", 1)]
    [InlineData("namespace=shop", 2)]
    [InlineData("class=yarp", 3)]
    [InlineData("problem=any", 2)]
    [InlineData("problem=ServiceNotFound", 1)]
    [InlineData("search=nothing.like.it", 0)]
    public async Task Hosts_are_filtered_by_what_stands_in_the_address(string query, int expected)
    {
        await using var tab = await world.OpenAsync($"hosts?{query}");
        await tab.SettledAsync();
        await Assertions.Expect(tab.Rows).ToHaveCountAsync(expected);
        tab.AssertQuiet();
    }

    [Fact]
    public async Task What_is_searched_stands_in_the_address_and_can_be_cleared()
    {
        await using var tab = await world.OpenAsync("hosts");
        await tab.Search.FillAsync("no such host");
        await tab.SeesAsync("No host matches");
        Assert.EndsWith("#/hosts?search=no+such+host", tab.Page.Url, StringComparison.Ordinal);
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Clear the filters" }).ClickAsync();
        await Assertions.Expect(tab.Rows).ToHaveCountAsync(3);
        Assert.EndsWith("#/hosts", tab.Page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_backend_opens_to_its_destinations_and_stays_open_while_it_is_refreshed()
    {
        await using var tab = await world.OpenAsync("backends?search=web");
        var details = tab.Page.GetByRole(AriaRole.Button, new() { Name = "Details of shop/web:80" });
        await details.ClickAsync();
        var rows = tab.Page.GetByRole(AriaRole.Table, new() { Name = "Destinations of shop/web:80" }).Locator("tbody tr");
        await Assertions.Expect(rows).ToHaveCountAsync(2);
        for (var index = 0; index < 3; index++)
        {
            await world.Controller.AnswerAsync(SmallWorld.Shop, "/");
        }

        await Assertions.Expect(rows.First).Not.ToContainTextAsync("0 of 0");
        await Assertions.Expect(details).ToHaveAttributeAsync("aria-expanded", "true");
        tab.AssertQuiet();
    }

    [Fact]
    public async Task Endpoints_that_are_not_ready_stand_among_the_destinations_and_say_so()
    {
        var slice = Manifests.Service("half", "web", 9).Replace("zone: zone-0 }", "zone: zone-0 }, { addresses: [127.0.0.9], conditions: { ready: false } }", StringComparison.Ordinal);
        world.Write("half", slice + "\n---\n" + Manifests.Ingress("half", "half", "half.example.com", ["/=web"]));
        try
        {
            await using var tab = await world.OpenAsync("backends?search=half");
            await Assertions.Expect(tab.Rows).ToContainTextAsync("Partly ready");
            await Assertions.Expect(tab.Rows).ToContainTextAsync("1 of 2");
            await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Details of half/web:80" }).ClickAsync();
            var waiting = tab.Page.GetByRole(AriaRole.Table, new() { Name = "Destinations of half/web:80" }).Locator("tbody tr").Nth(1);
            await Assertions.Expect(waiting).ToContainTextAsync("127.0.0.9:9");
            await Assertions.Expect(waiting).ToContainTextAsync("Not ready, no requests");
            await tab.AssertAccessibleAsync();
            tab.AssertQuiet();
        }
        finally
        {
            world.Delete("half");
        }
    }

    [Fact]
    public async Task Namespaces_and_classes_are_there_to_choose_from()
    {
        await using var tab = await world.OpenAsync("hosts");
        foreach (var (label, choices) in new[] { ("Namespace", new[] { "blog", "shop" }), ("Class", ["yarp"]) })
        {
            var list = await tab.Page.GetByLabel(label).GetAttributeAsync("list");
            foreach (var choice in choices)
            {
                await Assertions.Expect(tab.Page.Locator($"datalist#{list} option[value={choice}]")).ToBeAttachedAsync();
            }
        }

        await tab.AssertAccessibleAsync();
        await tab.Page.GetByRole(AriaRole.Combobox, new() { Name = "Namespace" }).FocusAsync(); // the list below it is the browser's own
        await tab.Page.Keyboard.TypeAsync("blog");
        await Assertions.Expect(tab.Rows).ToHaveCountAsync(1);
        tab.AssertQuiet();
    }

    [Fact]
    public async Task A_certificate_shows_who_uses_it_and_how_long_it_lasts()
    {
        await using var tab = await world.OpenAsync("certificates");
        await Assertions.Expect(tab.Rows).ToHaveCountAsync(1);
        await Assertions.Expect(tab.Rows).ToContainTextAsync("shop/shop-tls");
        await Assertions.Expect(tab.Rows).ToContainTextAsync("Example CA");
        await Assertions.Expect(tab.Rows).ToContainTextAsync("ECDSA");
        await Assertions.Expect(tab.Rows.Locator(".bar.good .left")).ToBeAttachedAsync();
        await Assertions.Expect(tab.Rows.GetByRole(AriaRole.Link, new() { Name = SmallWorld.Shop })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_Secret_without_a_certificate_stands_among_the_certificates_with_the_reason()
    {
        world.Write("bad", "apiVersion: v1\nkind: Secret\nmetadata: { namespace: bad, name: bad-tls }\ntype: kubernetes.io/tls\ndata: { tls.crt: YQ==, tls.key: YQ== }\n---\n"
            + Manifests.Ingress("bad", "web", "bad.example.com", ["/=missing"], "{ hosts: [bad.example.com], secretName: bad-tls }"));
        await using var tab = await world.OpenAsync("certificates?search=bad-tls");
        await tab.SeesAsync("The Secret has no private key in its tls.key.");
        await Assertions.Expect(tab.Rows.GetByRole(AriaRole.Link, new() { Name = "bad.example.com" })).ToBeVisibleAsync();
        await Assertions.Expect(tab.Rows.GetByRole(AriaRole.Link, new() { Name = "1 problem" })).ToBeVisibleAsync();
        await tab.AssertAccessibleAsync();
        world.Delete("bad");
        await tab.SeesAsync("No certificate matches");
        tab.AssertQuiet();
    }

    [Fact]
    public async Task A_problem_has_its_object_its_sentence_and_its_cure_until_it_is_cured()
    {
        world.Write("cured", Manifests.Ingress("cured", "web", "cured.example.com", ["/=missing"]));
        await using var tab = await world.OpenAsync("problems?namespace=cured");
        await tab.SeesAsync("Ingress cured/web");
        await tab.SeesAsync("Service cured/missing does not exist");
        await tab.SeesAsync("Create it, or correct the backend's name.");
        world.Delete("cured");
        await tab.SeesAsync("No problem matches");
        tab.AssertQuiet();
    }
}
