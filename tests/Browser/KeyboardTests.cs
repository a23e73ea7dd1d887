using IngressController.Browser.Looking;
using IngressController.Browser.Worlds;
using Microsoft.Playwright;

namespace IngressController.Browser;

public sealed class KeyboardTests(SmallWorld small) : IClassFixture<SmallWorld>
{
    private readonly World world = small.World;

    [Fact]
    public async Task Everything_is_reached_without_a_mouse()
    {
        await using var tab = await world.OpenAsync();
        await PressAsync(tab, "/");
        await Assertions.Expect(tab.Search).ToBeFocusedAsync();
        await tab.Page.Keyboard.TypeAsync("blog");
        await Assertions.Expect(tab.Rows).ToHaveCountAsync(1);
        await PressUntilAsync(tab, "Tab", SmallWorld.Blog);
        await PressAsync(tab, "Enter");
        await Assertions.Expect(tab.Heading).ToHaveTextAsync(SmallWorld.Blog);
        await Assertions.Expect(tab.Heading).ToBeFocusedAsync();
        await PressAsync(tab, "g", "p");
        await Assertions.Expect(tab.Heading).ToHaveTextAsync("Problems");
        await PressAsync(tab, "g", "e");
        await Assertions.Expect(tab.Heading).ToHaveTextAsync("Explain");
        await PressAsync(tab, "/");
        await tab.Page.Keyboard.TypeAsync($"{SmallWorld.Shop}/cart");
        await PressAsync(tab, "Enter");
        await tab.SeesAsync("shop/cart:80");
        tab.AssertQuiet();
    }

    [Theory]
    [InlineData("o", "Overview")]
    [InlineData("h", "Hosts")]
    [InlineData("b", "Backends")]
    [InlineData("c", "Certificates")]
    [InlineData("p", "Problems")]
    [InlineData("e", "Explain")]
    [InlineData("t", "Live tail")]
    public async Task Every_page_has_a_letter(string letter, string title)
    {
        await using var tab = await world.OpenAsync(letter == "o" ? "hosts" : "");
        await PressAsync(tab, "g", letter);
        await Assertions.Expect(tab.Heading).ToHaveTextAsync(title);
    }

    [Fact]
    public async Task The_keys_are_explained()
    {
        await using var tab = await world.OpenAsync("hosts");
        await PressAsync(tab, "?");
        var dialog = tab.Page.GetByRole(AriaRole.Dialog, new() { Name = "Keyboard" });
        await Assertions.Expect(dialog).ToContainTextAsync("Certificates");
        await tab.AssertAccessibleAsync();
        await PressAsync(tab, "Escape");
        await Assertions.Expect(dialog).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task What_has_the_focus_is_seen_and_the_content_is_one_key_away()
    {
        await using var tab = await world.OpenAsync("hosts");
        await Assertions.Expect(tab.Rows).ToHaveCountAsync(3);
        await PressAsync(tab, "Tab");
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Link, new() { Name = "Skip to the content" })).ToBeFocusedAsync();
        for (var index = 0; index < 25; index++)
        {
            await PressAsync(tab, "Tab");
            var ring = await tab.Page.EvaluateAsync<string>("() => document.activeElement === document.body ? 'none' : `${getComputedStyle(document.activeElement).outlineStyle} ${getComputedStyle(document.activeElement).outlineWidth}`");
            Assert.True(ring is "solid 2px" or "none", $"{ring} around {await FocusedAsync(tab)}");
        }
    }

    [Fact]
    public async Task A_chart_is_read_with_the_arrow_keys()
    {
        await small.SomeTrafficAsync();
        await using var tab = await world.OpenAsync();
        var chart = tab.Page.GetByRole(AriaRole.Img, new() { Name = "Requests over the last five minutes" });
        await chart.FocusAsync();
        await PressAsync(tab, "ArrowLeft");
        await Assertions.Expect(tab.Page.Locator(".tip").First).ToContainTextAsync("all");
        await PressAsync(tab, "Tab");
        await Assertions.Expect(tab.Page.Locator(".tip").First).ToBeHiddenAsync();
    }

    private static async Task PressAsync(Tab tab, params string[] keys)
    {
        foreach (var key in keys)
        {
            await tab.Page.Keyboard.PressAsync(key);
        }
    }

    private static async Task PressUntilAsync(Tab tab, string key, string text)
    {
        for (var presses = 0; await FocusedAsync(tab) != text; presses++)
        {
            Assert.True(presses < 30, $"'{text}' is not reached by {key}");
            await PressAsync(tab, key);
        }
    }

    private static Task<string> FocusedAsync(Tab tab) => tab.Page.EvaluateAsync<string>("() => document.activeElement.textContent");
}
