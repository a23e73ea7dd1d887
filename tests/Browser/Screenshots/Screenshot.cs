using IngressController.Browser.Worlds;
using Microsoft.Playwright;

namespace IngressController.Browser.Screenshots;

/// <summary>An image of the documentation.</summary>
/// <param name="Name">Of the file, without its end.</param>
/// <param name="Place">After the <c>#/</c>.</param>
/// <param name="Ready">What is to be seen before it is taken, as a CSS selector.</param>
internal sealed record Screenshot(string Name, string Place, string Ready, ColorScheme Scheme = ColorScheme.Light, int Width = 1200, int Height = 760)
{
    public static Screenshot[] All { get; } =
    [
        new("overview", "", ".chart .line"),
        new("overview-dark", "", ".chart .line", ColorScheme.Dark),
        new("host", $"hosts/{SmallWorld.Shop}", ".route table td"),
        new("hosts-narrow", "hosts", ".list tbody", Width: 390),
        new("backends", "backends", ".list tbody"),
        new("certificates", "certificates", ".list tbody", Height: 480),
        new("problems", "problems", ".list tbody", Height: 480),
        new("explain", $"explain?url=https%3A%2F%2F{SmallWorld.Shop}%2Fcart%2Fitems", ".answer", Height: 1060),
        new("tail-dark", "tail", ".list tbody tr:nth-child(12)", ColorScheme.Dark, Height: 600),
    ];

    private string File => $"{Name}.png";

    /// <summary>Makes all of them, with the real program and traffic from now.</summary>
    /// <param name="warmUp">How long there is traffic before the first one, so that the charts have something to show.</param>
    public static async Task TakeAllAsync(string folder, TimeSpan warmUp)
    {
        Directory.CreateDirectory(folder);
        var small = new SmallWorld();
        await small.InitializeAsync();
        using var enough = new CancellationTokenSource();
        var browsing = small.BrowseAsync(enough.Token);
        await Task.Delay(warmUp, TimeProvider.System);
        foreach (var screenshot in All)
        {
            await screenshot.TakeAsync(small.World, folder);
        }

        await enough.CancelAsync();
        await browsing;
        await small.DisposeAsync();
    }

    private async Task TakeAsync(World world, string folder)
    {
        await using var tab = await world.OpenAsync(Place, Scheme, Width, Height);
        await Assertions.Expect(tab.Page.Locator(Ready).First).ToBeAttachedAsync();
        await Assertions.Expect(tab.Page.Locator("#state")).ToHaveTextAsync("Live");
        if (Place == "backends")
        {
            await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Details of shop/web:80" }).ClickAsync();
        }

        await tab.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, File), Animations = ScreenshotAnimations.Disabled });
    }
}
