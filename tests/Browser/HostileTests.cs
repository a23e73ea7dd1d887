using System.Text.Json;
using System.Text.Json.Nodes;
using IngressController.Browser.Looking;
using IngressController.Browser.Worlds;
using Microsoft.Playwright;

namespace IngressController.Browser;

/// <summary>Every text of every answer of the real program is made hostile on its way to the page.</summary>
public sealed class HostileTests(SmallWorld small) : IClassFixture<SmallWorld>
{
    private const string Hostile = """<img src=x onerror="window.harmed=1"><script>window.harmed=1</script>""";

    public static TheoryData<string> Places => ["", "hosts", $"hosts/{SmallWorld.Shop}", $"hosts/{SmallWorld.Broken}", "backends", "certificates", "problems", $"explain?url=https%3A%2F%2F{SmallWorld.Shop}%2Fcart", "tail"];

    [Theory]
    [MemberData(nameof(Places))]
    public async Task Markup_in_any_field_is_shown_as_text(string place)
    {
        await small.SomeTrafficAsync();
        await using var tab = await small.World.OpenAsync("explain");
        await tab.Page.RouteAsync("**/api/**", SpoilAsync);
        await tab.Page.ReloadAsync();
        await tab.GoAsync(place);
        await tab.SeesAsync("<img src=x");
        if (place == "backends")
        {
            await tab.Page.Locator(".twist").First.ClickAsync();
        }

        Assert.Equal(0, await tab.Page.Locator("main script, main img").CountAsync());
        Assert.False(await tab.Page.EvaluateAsync<bool>("() => 'harmed' in window"));
        await tab.AssertFitsAsync();
    }

    [Fact]
    public async Task Markup_in_the_address_is_shown_as_text()
    {
        await using var tab = await small.World.OpenAsync($"hosts/{Uri.EscapeDataString(Hostile)}");
        await Assertions.Expect(tab.Heading).ToHaveTextAsync(Hostile);
        await tab.GoAsync($"explain?url={Uri.EscapeDataString(Hostile)}&header={Uri.EscapeDataString(Hostile)}");
        await Assertions.Expect(tab.Page.GetByLabel("URL")).ToHaveValueAsync(Hostile);
        Assert.False(await tab.Page.EvaluateAsync<bool>("() => 'harmed' in window"));
    }

    [Fact]
    public async Task Even_a_mistake_of_ours_could_not_make_markup_of_text()
    {
        await using var tab = await small.World.OpenAsync("explain");
        var refusal = await tab.Page.EvaluateAsync<string>(
            "text => { try { document.querySelector('main').innerHTML = text; return 'taken'; } catch (error) { return error.name; } }", Hostile);
        Assert.Equal("TypeError", refusal);
    }

    private static async Task SpoilAsync(IRoute route)
    {
        var url = route.Request.Url;
        if (url.Contains("/api/events", StringComparison.Ordinal))
        {
            await route.ContinueAsync();
        }
        else if (url.Contains("/api/tail", StringComparison.Ordinal))
        {
            await route.FulfillAsync(new() { ContentType = "text/event-stream", Body = $"event: request\ndata: {Tail()}\n\n" });
        }
        else
        {
            var answer = await route.FetchAsync();
            await route.FulfillAsync(new() { Response = answer, Body = Spoilt(JsonNode.Parse(await answer.TextAsync()))!.ToJsonString() });
        }
    }

    private static string Tail() => JsonSerializer.Serialize(new
    {
        time = DateTimeOffset.UnixEpoch,
        status = 200,
        bytes = 1,
        duration = 1,
        upstreamTime = 1,
        client = Hostile,
        method = Hostile,
        host = Hostile,
        path = Hostile,
        ingress = Hostile,
        service = Hostile,
        destination = Hostile,
        requestId = Hostile,
        reason = Hostile,
    });

    /// <summary>All but times.</summary>
    private static JsonNode? Spoilt(JsonNode? node) => node switch
    {
        JsonObject members => new JsonObject(members.Select(member => KeyValuePair.Create(member.Key, Spoilt(member.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Spoilt)]),
        JsonValue value when value.GetValueKind() == JsonValueKind.String && !value.TryGetValue<DateTimeOffset>(out _) => JsonValue.Create($"{value.GetValue<string>()}{Hostile}"),
        _ => node?.DeepClone(),
    };
}
