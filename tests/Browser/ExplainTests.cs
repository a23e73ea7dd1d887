using IngressController.Browser.Worlds;
using Microsoft.Playwright;

namespace IngressController.Browser;

public sealed class ExplainTests(SmallWorld small) : IClassFixture<SmallWorld>
{
    private readonly World world = small.World;

    [Fact]
    public async Task Explain_draws_the_way_of_a_request()
    {
        await using var tab = await world.OpenAsync("explain");
        await tab.Page.GetByLabel("URL").FillAsync($"https://{SmallWorld.Shop}/cart/items?id=1");
        await tab.Page.GetByLabel("Headers").FillAsync("X-Test: 1");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Explain" }).ClickAsync();
        var path = tab.Page.GetByRole(AriaRole.List, new() { Name = "Decision path" });
        await Assertions.Expect(path.Locator(".chosen", new() { HasText = SmallWorld.Shop })).ToBeVisibleAsync();
        await Assertions.Expect(path.Locator(".chosen", new() { HasText = "/cart" })).ToContainTextAsync("shop/shop");
        await Assertions.Expect(path.Locator(".answer")).ToContainTextAsync("shop/cart:80");
        await Assertions.Expect(path.Locator(".answer")).ToContainTextAsync("shop/shop-tls");
        Assert.Contains("header=X-Test", tab.Page.Url, StringComparison.Ordinal);
        await tab.Page.ReloadAsync(); // so a link to it can be sent to somebody
        await Assertions.Expect(path.Locator(".answer")).ToContainTextAsync("shop/cart:80");
        tab.AssertQuiet();
    }

    [Theory]
    [InlineData("http://nobody.example.com/", "404")]
    [InlineData("http://" + SmallWorld.Broken + "/", "503")]
    public async Task Explain_says_why_a_request_is_refused(string url, string status)
    {
        await using var tab = await world.OpenAsync($"explain?url={Uri.EscapeDataString(url)}");
        await Assertions.Expect(tab.Page.Locator(".answer.bad h2")).ToContainTextAsync(status);
    }

    [Fact]
    public async Task Explain_names_the_Ingress_that_could_answer_and_is_not_served_and_the_cure()
    {
        world.Write("refused", Manifests.Ingress("blog", "refused", "http://refused.example.com", ["/=blog"]));
        await using var tab = await world.OpenAsync("explain?url=http://refused.example.com/");
        await Assertions.Expect(tab.Page.Locator(".answer.bad")).ToContainTextAsync("Ingress blog/refused could answer and is not served: Invalid");
        await Assertions.Expect(tab.Page.Locator(".candidates", new() { HasText = "blog/refused" })).ToContainTextAsync("is not served: Invalid");
        await Assertions.Expect(tab.Page.Locator(".notes .note")).ToContainTextAsync("Invalid of Ingress blog/refused at spec.rules[0].host");
        await Assertions.Expect(tab.Page.Locator(".notes .note")).ToContainTextAsync("Write the host without scheme and path");
        world.Delete("refused");
        await Assertions.Expect(tab.Page.Locator(".notes")).ToHaveCountAsync(0);
        tab.AssertQuiet();
    }

    [Fact]
    public async Task Explain_repeats_what_is_wrong_with_a_question()
    {
        await using var tab = await world.OpenAsync("explain?url=https%3A%2F%2Fexa%20mple%2F");
        await tab.SeesAsync("url:");
    }
}
