using IngressController.Browser.Looking;
using IngressController.Browser.Worlds;
using IngressController.Testing;
using Microsoft.Playwright;

namespace IngressController.Browser;

public sealed class TailTests(SmallWorld small) : IClassFixture<SmallWorld>
{
    private const int Most = 300; // as in views/tail.js

    private readonly World world = small.World;

    [Fact]
    public async Task Requests_appear_as_they_end_without_their_query()
    {
        await using var tab = await OpenAsync("tail");
        await world.Controller.AnswerAsync(SmallWorld.Shop, "/cart/one?token=secret");
        await Assertions.Expect(tab.Rows.First).ToContainTextAsync($"GET {SmallWorld.Shop}/cart/one");
        await Assertions.Expect(tab.Rows.First).ToContainTextAsync("shop/shop");
        await Assertions.Expect(tab.Page.GetByText("secret")).ToHaveCountAsync(0);
        tab.AssertQuiet();
    }

    [Fact]
    public async Task Filters_leave_out_what_they_do_not_name()
    {
        await using var tab = await OpenAsync("tail");
        await tab.Page.GetByLabel("Status").SelectOptionAsync("4xx");
        await Eventually.TrueAsync(
            async () =>
            {
                await world.Controller.AnswerAsync(SmallWorld.Shop, "/fine");
                await world.Controller.AnswerAsync(SmallWorld.Shop, "/gone?status=404");
                return await tab.Page.GetByText("/gone").CountAsync() > 0;
            },
            "a filtered request");
        await Assertions.Expect(tab.Rows.Filter(new() { HasNotText = "/gone" })).ToHaveCountAsync(0);
        Assert.EndsWith("#/tail?status=4xx", tab.Page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pause_keeps_what_is_shown_and_clearing_takes_it_away()
    {
        await using var tab = await OpenAsync("tail");
        await world.Controller.AnswerAsync(SmallWorld.Shop, "/before");
        await Assertions.Expect(tab.Rows.First).ToContainTextAsync("/before");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await world.Controller.AnswerAsync(SmallWorld.Shop, "/during");
        await tab.SeesAsync("1 waits");
        await Assertions.Expect(tab.Rows.First).ToContainTextAsync("/before");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Go on" }).ClickAsync();
        await Assertions.Expect(tab.Rows.First).ToContainTextAsync("/during");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Clear" }).ClickAsync();
        await Assertions.Expect(tab.Rows).ToHaveCountAsync(0);
        await tab.SeesAsync("Waiting for requests");
    }

    [Fact]
    public async Task The_list_does_not_grow_for_ever()
    {
        await using var tab = await OpenAsync("tail");
        await Eventually.TrueAsync(
            async () =>
            {
                await Task.WhenAll(Enumerable.Range(0, 50).Select(index => world.Controller.AnswerAsync(SmallWorld.Blog, $"/many/{index}")));
                return await tab.Page.GetByText($"the last {Most} are shown").CountAsync() > 0;
            },
            "a full list");
        Assert.Equal(Most, await tab.Rows.CountAsync());
    }

    /// <summary>Once the stream is open: a request that ended before is not shown.</summary>
    private async Task<Tab> OpenAsync(string place)
    {
        var tab = await world.OpenAsync(place);
        await Eventually.TrueAsync(
            async () =>
            {
                await world.Controller.AnswerAsync(SmallWorld.Blog, "/first");
                return await tab.Rows.CountAsync() > 0;
            },
            "the first request");
        return tab;
    }
}
