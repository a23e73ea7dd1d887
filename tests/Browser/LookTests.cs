using IngressController.Browser.Looking;
using IngressController.Browser.Worlds;
using Microsoft.Playwright;

namespace IngressController.Browser;

public sealed class LookTests(SmallWorld small) : IClassFixture<SmallWorld>
{
    private readonly World world = small.World;

    public static TheoryData<string> Places => [.. Browser.Places.All, $"hosts/{SmallWorld.Shop}", $"hosts/{SmallWorld.Broken}", $"explain?url=https%3A%2F%2F{SmallWorld.Shop}%2Fcart", "backends?search=nothing"];

    [Theory]
    [MemberData(nameof(Places))]
    public async Task Names_headings_landmarks_and_contrast_are_right_in_both_themes_and_on_narrow_screens(string place)
    {
        await small.SomeTrafficAsync();
        await using var light = await world.OpenAsync(place);
        await using var dark = await world.OpenAsync(place, ColorScheme.Dark);
        await using var narrow = await world.OpenAsync(place, width: 360, height: 740);
        foreach (var tab in new[] { light, dark, narrow })
        {
            await tab.SettledAsync();
            await OpenDetailsAsync(tab);
            await tab.AssertAccessibleAsync();
            await tab.AssertFitsAsync();
            tab.AssertQuiet();
        }
    }

    [Theory]
    [InlineData("<p style='color: #999; background: #eee'>pale</p>", "contrast")]
    [InlineData("<button></button>", "no name")]
    [InlineData("<h4>deep</h4>", "left out")]
    [InlineData("<table aria-label='t'><tbody><tr><th>x</th></tr></tbody></table>", "no scope")]
    public async Task The_inspection_sees_what_is_wrong(string markup, string expected)
    {
        await using var tab = await world.OpenAsync("explain");
        await tab.Page.GotoAsync("about:blank"); // where no policy forbids to write markup
        await tab.Page.SetContentAsync($"<html lang=en><title>t</title><header><nav aria-label=n></nav></header><main><h1>One</h1>{markup}</main></html>");
        Assert.Contains(expected, Assert.Single(await tab.InspectAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_theme_follows_the_system_until_one_is_chosen_and_stays()
    {
        await using var tab = await world.OpenAsync(scheme: ColorScheme.Dark);
        var dark = await GroundAsync(tab);
        await tab.Page.GetByLabel("Theme").SelectOptionAsync("light");
        var light = await GroundAsync(tab);
        Assert.NotEqual(dark, light);
        await tab.Page.ReloadAsync();
        Assert.Equal(light, await GroundAsync(tab));
        await Assertions.Expect(tab.Page.GetByLabel("Theme")).ToHaveValueAsync("light");
        await tab.Page.GetByLabel("Theme").SelectOptionAsync("system");
        Assert.Equal(dark, await GroundAsync(tab));
    }

    [Theory]
    [InlineData("")]
    [InlineData($"hosts/{SmallWorld.Shop}")]
    public async Task No_width_makes_the_content_stick_out(string place)
    {
        await small.SomeTrafficAsync();
        await using var tab = await world.OpenAsync(place);
        await tab.SeesAsync(SmallWorld.Shop);
        foreach (var width in new[] { 320, 480, 700, 861, 1000, 1081, 1200, 1401, 1920 })
        {
            await tab.Page.SetViewportSizeAsync(width, 800);
            await tab.AssertFitsAsync();
        }
    }

    [Fact]
    public async Task Narrow_screens_have_a_menu()
    {
        await using var tab = await world.OpenAsync(width: 360, height: 740);
        var link = tab.Page.GetByRole(AriaRole.Link, new() { Name = "Certificates" });
        await Assertions.Expect(link).ToBeHiddenAsync();
        var menu = tab.Page.GetByRole(AriaRole.Button, new() { Name = "Menu" });
        await menu.ClickAsync();
        await Assertions.Expect(menu).ToHaveAttributeAsync("aria-expanded", "true");
        await tab.AssertAccessibleAsync();
        await link.ClickAsync();
        await Assertions.Expect(tab.Heading).ToHaveTextAsync("Certificates");
        await Assertions.Expect(link).ToBeHiddenAsync();
        await tab.AssertFitsAsync();
    }

    [Fact]
    public async Task Nothing_moves_when_news_come()
    {
        await small.SomeTrafficAsync();
        await using var tab = await world.OpenAsync();
        await tab.SeesAsync("ServiceNotFound");
        await Assertions.Expect(tab.Page.Locator(".strip dd").First).ToBeVisibleAsync();
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Table, new() { Name = "Busiest hosts" }).Locator("tbody")).ToHaveCountAsync(3);
        var before = await PlacesAsync(tab);
        var started = await tab.Page.Locator(".chart").First.GetAttributeAsync("aria-label");
        await small.SomeTrafficAsync();
        await Assertions.Expect(tab.Page.Locator(".chart").First).Not.ToHaveAttributeAsync("aria-label", started!);
        Assert.Equal(before, await PlacesAsync(tab));
    }

    [Fact]
    public async Task Numbers_and_times_are_written_for_people()
    {
        await using var tab = await world.OpenAsync("explain");
        var written = await tab.Page.EvaluateAsync<string[]>(
            """
            async () => {
              const f = await import('/format.js');
              return [
                ...[0, 0.01, 0.44, 9.96, 312, 12_345, 2_500_000, null].map(f.rate),
                ...[0.4231, 3.14, 120.4, 999.7, 2400, 90_000, null].map(f.milliseconds),
                ...[12, 3400, 1_200_000].map(f.bytes), f.percent(0, 0), f.percent(1, 3), f.percent(1, 10_000), f.plural(1, 'host'), f.plural(10_000, 'host'),
              ];
            }
            """);
        Assert.Equal(
            ["0", "<0.1", "0.4", "10", "312", "12.3k", "2.5M", "–", "0.42 ms", "3.1 ms", "120 ms", "1 s", "2.4 s", "1.5 min", "–", "12 B", "3.4 kB", "1.2 MB", "0 %", "33 %", "<0.1 %", "1 host", "10,000 hosts"],
            written);
    }

    private static async Task OpenDetailsAsync(Tab tab)
    {
        if (await tab.Page.Locator(".twist").CountAsync() > 0)
        {
            await tab.Page.Locator(".twist").First.ClickAsync();
        }
    }

    private static Task<string> GroundAsync(Tab tab) => tab.Page.EvaluateAsync<string>("() => getComputedStyle(document.documentElement).backgroundColor");

    /// <summary>Where the parts of the overview begin.</summary>
    private static Task<double[]> PlacesAsync(Tab tab) =>
        tab.Page.EvaluateAsync<double[]>("() => [...document.querySelectorAll('main .card')].flatMap(card => [card.getBoundingClientRect().left, card.getBoundingClientRect().top])");
}
