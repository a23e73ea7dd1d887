using IngressController.Browser.Worlds;
using Microsoft.Playwright;

namespace IngressController.Browser;

public sealed class BigTests(BigWorld big) : IClassFixture<BigWorld>
{
    [Fact]
    public async Task Ten_thousand_hosts_are_searched_and_turned_over()
    {
        await using var tab = await big.World.OpenAsync("hosts");
        await Assertions.Expect(tab.Rows).ToHaveCountAsync(50);
        await tab.SeesAsync("1–50 of 10,000 hosts");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Next" }).ClickAsync();
        await tab.SeesAsync("51–100 of 10,000 hosts");
        await tab.Search.FillAsync("web7777.");
        await tab.SeesAsync("1–1 of 1 host");
        await tab.Page.GetByRole(AriaRole.Link, new() { Name = "web7777.example.com", Exact = true }).ClickAsync();
        await Assertions.Expect(tab.Heading).ToHaveTextAsync("web7777.example.com");
        await Assertions.Expect(tab.Page.Locator(".route")).ToHaveCountAsync(1);
        await tab.Page.GoBackAsync();
        await tab.SeesAsync("1–1 of 1 host");
        tab.AssertQuiet();
    }

    [Fact]
    public async Task Ten_thousand_certificates_each_have_their_problem()
    {
        await using var tab = await big.World.OpenAsync("certificates");
        await tab.SeesAsync("1–50 of 10,000 certificates");
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Link, new() { Name = "1 problem", Exact = true })).ToHaveCountAsync(50);
        await tab.Search.FillAsync("web7777-");
        await tab.SeesAsync("1–1 of 1 certificate");
        await tab.Page.GetByRole(AriaRole.Link, new() { Name = "1 problem", Exact = true }).ClickAsync();
        await tab.SeesAsync("The certificate of Secret team-17/web7777-tls is for another.example.com, and not for web7777.example.com");
        tab.AssertQuiet();
    }

    [Theory]
    [InlineData("namespace=team-07", "500 hosts")]
    [InlineData("offset=9990", "9,991–10,000 of 10,000 hosts")]
    [InlineData("offset=20000", "1–50 of 10,000 hosts")]
    public async Task Filters_and_places_in_the_address_hold(string query, string expected)
    {
        await using var tab = await big.World.OpenAsync($"hosts?{query}");
        await tab.SeesAsync(expected);
    }

    [Theory]
    [InlineData("")]
    [InlineData("hosts")]
    [InlineData("backends")]
    [InlineData("certificates")]
    [InlineData("problems")]
    [InlineData("explain?url=http%3A%2F%2Fweb5.example.com%2F")]
    [InlineData("tail")]
    public async Task Every_page_draws_quickly_enough_to_be_read(string place)
    {
        await using var tab = await big.World.OpenAsync(place);
        await tab.SettledAsync();
        await Assertions.Expect(tab.Page.Locator("#nav").GetByRole(AriaRole.Link, new() { Name = "Hosts" })).ToContainTextAsync("10,000");
        Assert.True(await tab.Page.Locator("*").CountAsync() < 3000, "the page has grown with the number of hosts");
        tab.AssertQuiet();
    }
}
