using IngressController.Browser.Looking;
using IngressController.Browser.Worlds;
using Microsoft.Playwright;

namespace IngressController.Browser;

/// <summary>Certificates that Ingresses ask for.</summary>
public sealed class OrderTests(OrderedWorld ordered) : IClassFixture<OrderedWorld>
{
    private readonly World world = ordered.World;

    [Fact]
    public async Task A_certificate_shows_what_became_of_the_wish_for_it()
    {
        await using var tab = await OpenAsync();
        await Assertions.Expect(Row(tab, "issued")).ToContainTextAsync("from default, renewal in");
        await Assertions.Expect(Row(tab, "issued").Locator(".bar.good .left")).ToBeAttachedAsync();
        await Assertions.Expect(Row(tab, "turned-down")).ToContainTextAsync("forbidden by policy");
        await Assertions.Expect(Row(tab, "turned-down")).ToContainTextAsync("Next try in");
        await Assertions.Expect(Row(tab, "turned-down").GetByRole(AriaRole.Link, new() { Name = "1 problem" })).ToBeVisibleAsync();
        await Assertions.Expect(Row(tab, "refused").Locator(".badge.bad")).ToHaveTextAsync("Refused");
        await Assertions.Expect(Row(tab, "refused")).ToContainTextAsync("none yet");
        tab.AssertQuiet();
    }

    [Fact]
    public async Task The_overview_counts_them_and_leads_to_those_that_failed()
    {
        await using (await OpenAsync())
        {
        }

        await using var tab = await world.OpenAsync();
        await tab.SeesAsync("1 failed");
        await tab.SeesAsync("1 refused");
        await tab.Page.GetByRole(AriaRole.Link, new() { Name = "1 failed" }).ClickAsync();
        await Assertions.Expect(tab.Heading).ToHaveTextAsync("Certificates");
        await Assertions.Expect(tab.Page.GetByLabel("By ACME")).ToHaveValueAsync("failed");
        await Assertions.Expect(tab.Rows).ToHaveCountAsync(1);
        await Assertions.Expect(tab.Rows).ToContainTextAsync("shop/turned-down-tls");
        tab.AssertQuiet();
    }

    [Fact]
    public async Task A_certificate_that_comes_is_shown_without_a_reload()
    {
        await using var tab = await world.OpenAsync("certificates?search=late");
        await tab.SeesAsync("No certificate matches");
        world.Write("late", OrderedWorld.Asking("late", "late.example.com"));
        await Assertions.Expect(Row(tab, "late").Locator(".badge.good")).ToHaveTextAsync("Issued", new() { Timeout = 30_000 });
        world.Delete("late");
        tab.AssertQuiet();
    }

    [Fact]
    public async Task The_page_fits_and_is_accessible_in_both_themes_and_on_narrow_screens()
    {
        await using var light = await OpenAsync();
        await using var dark = await OpenAsync(ColorScheme.Dark);
        await using var narrow = await OpenAsync(width: 360);
        foreach (var tab in new[] { light, dark, narrow })
        {
            await tab.SettledAsync();
            await tab.AssertAccessibleAsync();
            await tab.AssertFitsAsync();
            Assert.True(await tab.Page.EvaluateAsync<bool>("() => { const sheet = document.querySelector('.sheet'); return sheet.scrollWidth <= sheet.clientWidth; }"), "the table has to be moved sideways to be read");
        }
    }

    /// <summary>The page, once all that is ordered at the start has come to its end.</summary>
    private async Task<Tab> OpenAsync(ColorScheme scheme = ColorScheme.Light, int width = 1280)
    {
        var tab = await world.OpenAsync("certificates", scheme, width);
        foreach (var (name, state) in new[] { ("issued", "Issued"), ("turned-down", "Failed"), ("refused", "Refused") })
        {
            await Assertions.Expect(Row(tab, name).Locator(".badge").First).ToHaveTextAsync(state, new() { Timeout = 30_000 });
        }

        return tab;
    }

    private static ILocator Row(Tab tab, string name) => tab.Rows.Filter(new() { HasText = $"shop/{name}-tls" });
}
