using IngressController.Testing;
using Microsoft.Playwright;

namespace IngressController.Browser.Looking;

/// <summary>Debian's Chromium, driven by Playwright; one for a whole class of tests.</summary>
public sealed class Chrome : IAsyncDisposable
{
    /// <summary>What a browser on a machine with much else to do may need, in ms.</summary>
    private const float Patience = 30_000;

    private readonly IPlaywright playwright;
    private readonly IBrowser browser;

    private Chrome(IPlaywright playwright, IBrowser browser) => (this.playwright, this.browser) = (playwright, browser);

    /// <exception cref="FileNotFoundException">There is no chromium on the PATH.</exception>
    public static async Task<Chrome> StartAsync()
    {
        Assertions.SetDefaultExpectTimeout(Patience);
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = await ExecutableAsync(),
            Args = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"],
            Timeout = 2 * Patience,
        });
        return new(playwright, browser);
    }

    /// <param name="place">After the <c>#/</c>.</param>
    public async Task<Tab> OpenAsync(Uri admin, string place = "", ColorScheme scheme = ColorScheme.Light, int width = 1280, int height = 860, float scale = 1)
    {
        var context = await browser.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = height }, ColorScheme = scheme, DeviceScaleFactor = scale });
        context.SetDefaultTimeout(Patience);
        var tab = new Tab(context, await context.NewPageAsync(), admin);
        await tab.GoAsync(place);
        return tab;
    }

    public async ValueTask DisposeAsync()
    {
        await browser.DisposeAsync();
        playwright.Dispose();
    }

    private static async Task<string> ExecutableAsync()
    {
        var (exitCode, output, _) = await RunningProgram.RunAsync("which", ["chromium"]);
        return exitCode == 0 ? output.Trim() : throw new FileNotFoundException("There is no chromium on the PATH: apt-get install chromium");
    }
}
