using IngressController.Browser.Worlds;
using IngressController.Testing;
using Microsoft.Playwright;

namespace IngressController.Browser;

public sealed class ConnectionTests
{
    private const string Token = "a-token-of-the-tests-that-nobody-else-has";

    [Fact]
    public async Task The_page_says_when_it_is_disconnected_and_goes_on_when_the_program_is_back()
    {
        await using var world = await World.StartAsync(world => world.Write("one", Manifests.Ingress("one", "web", "one.example.com", ["/=web"])));
        await using var tab = await world.OpenAsync("hosts");
        await tab.SeesAsync("one.example.com");
        var state = tab.Page.Locator("#state");
        await Assertions.Expect(state).ToHaveTextAsync("Live");
        var failed = new TaskCompletionSource();
        tab.Page.RequestFailed += (_, request) => _ = request.Url.Contains("/api/hosts", StringComparison.Ordinal) && failed.TrySetResult();
        await world.StopAsync();
        await Assertions.Expect(state).ToHaveTextAsync("Disconnected");
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("What you see is how it was. Next try in");
        await tab.AssertAccessibleAsync();
        await failed.Task.InTime(); // the list could not be refreshed
        await Assertions.Expect(tab.Rows).ToHaveCountAsync(1);
        await Assertions.Expect(tab.Page.GetByText("could not be read")).ToBeHiddenAsync();
        world.Write("two", Manifests.Ingress("two", "web", "two.example.com", ["/=web"]));
        await world.StartAgainAsync();
        await Assertions.Expect(state).ToHaveTextAsync("Live");
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Alert)).ToBeHiddenAsync();
        await tab.SeesAsync("two.example.com");
    }

    [Fact]
    public async Task From_elsewhere_the_page_asks_for_the_token_once_in_the_words_of_the_program()
    {
        using var directory = new TemporaryDirectory();
        directory.Write("token", Token);
        await using var world = await World.StartAsync(
            world => world.Write("one", Manifests.Ingress("one", "web", "one.example.com", ["/=web"])), "0.0.0.0", "--admin-token-file", directory.File("token"));
        var elsewhere = new UriBuilder(world.Admin) { Host = OwnAddress.Value.ToString() }.Uri;
        await using var tab = await world.OpenAtAsync(elsewhere);
        var dialog = tab.Page.GetByRole(AriaRole.Dialog, new() { Name = "This address needs a token" });
        await Assertions.Expect(dialog).ToContainTextAsync("--admin-token-file");
        await tab.AssertAccessibleAsync();
        await dialog.GetByLabel("Token").FillAsync("a wrong one");
        await tab.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(dialog).ToContainTextAsync("The token was not taken.");
        await dialog.GetByLabel("Token").FillAsync(Token);
        await tab.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(tab.Page.Locator("#state")).ToHaveTextAsync("Live"); // the stream takes it, too
        await tab.GoAsync("hosts");
        await tab.SeesAsync("one.example.com");
        await tab.Page.ReloadAsync();
        await tab.SeesAsync("one.example.com");
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
    }
}
