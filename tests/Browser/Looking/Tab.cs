using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.Playwright;

namespace IngressController.Browser.Looking;

/// <summary>A page of the dashboard in a session of its own, and all that goes wrong in it.</summary>
public sealed class Tab : IAsyncDisposable
{
    private static readonly string Inspection = ReadInspection();

    private readonly IBrowserContext context;
    private readonly Uri admin;
    private readonly ConcurrentQueue<string> complaints = new();

    internal Tab(IBrowserContext context, IPage page, Uri admin)
    {
        (this.context, this.admin, Page) = (context, admin, page);
        page.Console += (_, message) => Complain(message.Type is "error" or "warning", $"console: {message.Text}");
        page.PageError += (_, error) => Complain(true, $"script: {error}");
        page.Request += (_, request) => Complain(!request.Url.StartsWith(admin.ToString(), StringComparison.Ordinal), $"request to elsewhere: {request.Url}");
    }

    public IPage Page { get; }

    public ILocator Heading => Page.GetByRole(AriaRole.Heading, new() { Level = 1 });

    public ILocator Search => Page.GetByRole(AriaRole.Searchbox).First;

    /// <summary>The rows of the list that the page shows, without its head.</summary>
    public ILocator Rows => Page.Locator("main table").First.Locator("tbody > tr:not(.below)");

    /// <summary>To a page, as a link leads there; the first time the document is loaded.</summary>
    public async Task GoAsync(string place)
    {
        await Page.GotoAsync($"{admin}#/{place}");
        await Assertions.Expect(Heading).ToBeVisibleAsync();
    }

    /// <summary>The list of the page has come.</summary>
    public Task SettledAsync() => Assertions.Expect(Page.Locator("main [aria-busy=true]")).ToHaveCountAsync(0);

    public Task SeesAsync(string text) => Assertions.Expect(Page.Locator("main")).ToContainTextAsync(text);

    /// <summary>Fails if anything was written to the console, thrown, or asked from another origin.</summary>
    public void AssertQuiet() => Assert.Empty(complaints);

    /// <summary>Fails with all that an accessibility checker has to say of names, headings, landmarks, tables and contrast.</summary>
    public async Task AssertAccessibleAsync() => Assert.Empty(await InspectAsync());

    public async Task<string[]> InspectAsync() => await Page.EvaluateAsync<string[]>(Inspection);

    /// <summary>Fails if the page or a card of it has to be moved sideways to be read.</summary>
    public async Task AssertFitsAsync() => Assert.Empty(await Page.EvaluateAsync<string[]>(
        """
        () => [document.documentElement, ...document.querySelectorAll('.card')]
          .filter(element => element.scrollWidth > element.clientWidth)
          .map(element => `${element.scrollWidth} wide in ${element.clientWidth}: ${element.outerHTML.slice(0, 100)}`)
        """));

    public async ValueTask DisposeAsync() => await context.DisposeAsync();

    private void Complain(bool isWrong, string what)
    {
        if (isWrong)
        {
            complaints.Enqueue(what);
        }
    }

    private static string ReadInspection()
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream("inspect.js")!);
        return string.Join('\n', reader.ReadToEnd().Split('\n').SkipWhile(line => line.StartsWith("//", StringComparison.Ordinal)));
    }
}
