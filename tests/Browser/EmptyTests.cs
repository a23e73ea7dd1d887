using IngressController.Browser.Worlds;
using Microsoft.Playwright;

namespace IngressController.Browser;

public sealed class EmptyTests(EmptyWorld empty) : IClassFixture<EmptyWorld>
{
    [Theory]
    [InlineData("", "No traffic yet")]
    [InlineData("", "Nothing is wrong with any object")]
    [InlineData("hosts", "No host yet")]
    [InlineData("hosts/nobody.example.com", "No Ingress declares this host")]
    [InlineData("backends", "No backend yet")]
    [InlineData("certificates", "No certificate yet")]
    [InlineData("problems", "No problem")]
    [InlineData("explain", "Type the address that a client asks for")]
    [InlineData("tail", "Waiting for requests")]
    public async Task A_page_with_nothing_to_show_says_what_to_do(string place, string text)
    {
        await using var tab = await empty.World.OpenAsync(place);
        await tab.SeesAsync(text);
        await tab.SettledAsync();
        await tab.AssertAccessibleAsync();
        await tab.AssertFitsAsync();
        if (!place.StartsWith("hosts/", StringComparison.Ordinal)) // its 404 stands in the console
        {
            tab.AssertQuiet();
        }
    }

    [Fact]
    public async Task The_first_host_comes_without_a_reload()
    {
        await using var tab = await empty.World.OpenAsync("hosts");
        await tab.SeesAsync("No host yet");
        empty.World.Write("first", $"{Manifests.Service("first", "web", 9)}\n---\n{Manifests.Ingress("first", "web", "first.example.com", ["/=web"])}");
        await tab.SeesAsync("first.example.com");
        empty.World.Delete("first");
        await tab.SeesAsync("No host yet");
        await Assertions.Expect(tab.Page.GetByText("first.example.com")).ToHaveCountAsync(0);
        tab.AssertQuiet();
    }
}
