using IngressController.Testing;

namespace IngressController.Unit.ApiServer;

/// <summary>The fake answers what a real kube-apiserver answered.</summary>
public sealed class RecordedTests
{
    [Fact]
    public async Task Creating_an_ingress_answers_as_recorded_and_a_second_time_conflicts()
    {
        await using var api = await Api.StartAsync();
        api.HasDefaultClass();
        await api.AssertAnswersAsync("create-ingress");
        await api.AssertAnswersAsync("create-again");
    }

    [Theory]
    [InlineData("invalid-ingress")]
    [InlineData("not-found")]
    [InlineData("create-lease")]
    [InlineData("create-event")]
    [InlineData("broken-continue")]
    [InlineData("watch-unparsable")]
    public async Task An_empty_cluster_answers_as_recorded(string recording)
    {
        await using var api = await Api.StartAsync();
        await api.AssertAnswersAsync(recording);
    }

    [Theory]
    [InlineData("patch-status")]
    [InlineData("stale-update")]
    public async Task Changes_of_an_ingress_answer_as_recorded(string recording)
    {
        await using var api = await Api.StartAsync();
        api.HasDefaultClass();
        await api.AskAsync("POST", Api.InDefault, Api.Ingress("web"));
        await api.AssertAnswersAsync(recording);
    }

    [Fact]
    public async Task Pages_answer_as_recorded()
    {
        await using var api = await Api.StartAsync();
        await FillAsync(api);
        await api.AssertAnswersAsync("first-page");
        var token = (string)(await api.AskAsync("GET", $"{Api.Ingresses}?limit=2"))["metadata"]!["continue"]!;
        Assert.Contains("\"start\":\"/default/page-2\\u0000\"", System.Text.Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(token)), StringComparison.Ordinal);
        await api.AssertAnswersAsync("next-page", $"{Api.Ingresses}?limit=2&continue={token}");
    }

    [Fact]
    public async Task An_expired_continue_token_answers_as_recorded_with_one_that_goes_on()
    {
        await using var api = await Api.StartAsync();
        await FillAsync(api);
        var token = (string)(await api.AskAsync("GET", $"{Api.Ingresses}?limit=1"))["metadata"]!["continue"]!;
        await api.AskAsync("DELETE", $"{Api.InDefault}/page-2");
        api.Server.CompactHistory();
        await api.AssertAnswersAsync("expired-continue", $"{Api.Ingresses}?limit=1&continue={token}");
        var rest = (string)(await api.AskAsync("GET", $"{Api.Ingresses}?limit=1&continue={token}"))["metadata"]!["continue"]!;
        var page = await api.AskAsync("GET", $"{Api.Ingresses}?limit=9&continue={rest}");
        Assert.Equal(["page-3", "web"], page["items"]!.AsArray().Select(item => (string?)item!["metadata"]!["name"]));
    }

    [Fact]
    public async Task A_streaming_list_answers_as_recorded()
    {
        await using var api = await Api.StartAsync();
        api.HasDefaultClass();
        var recorded = Recording.Read("streaming-list");
        using var watch = await api.WatchAsync(recorded.Target);
        Recording.AssertSame(recorded.Lines.Last(), (await watch.ReadLineAsync().InTime())!);
    }

    [Fact]
    public async Task A_compacted_resourceVersion_answers_as_recorded()
    {
        await using var api = await Api.StartAsync();
        await FillAsync(api);
        api.Server.CompactHistory();
        var latest = (string)(await api.AskAsync("GET", Api.Ingresses))["metadata"]!["resourceVersion"]!;
        var recorded = Recording.Read("watch-compacted");
        using var answer = await api.SendAsync("GET", recorded.Target);
        using var watch = new StreamReader(await answer.Content.ReadAsStreamAsync().InTime());
        var line = await watch.ReadLineAsync().InTime();
        Recording.AssertSame(recorded.Lines.Single().Replace("(289)", $"({latest})", StringComparison.Ordinal), line!);
        Assert.Null(await watch.ReadLineAsync().InTime());
    }

    [Fact]
    public async Task A_watch_answers_changes_and_bookmarks_as_recorded()
    {
        await using var api = await Api.StartAsync();
        await FillAsync(api);
        var version = (string)(await api.AskAsync("GET", Api.Ingresses))["metadata"]!["resourceVersion"]!;
        var recorded = Recording.Read("watch").Lines.ToList();
        using var watch = await api.WatchAsync($"{Api.Ingresses}?watch=1&allowWatchBookmarks=true&resourceVersion={version}&timeoutSeconds=4");
        await api.AskAsync("DELETE", $"{Api.InDefault}/page-2");
        Recording.AssertSame(recorded.Single(line => line.Contains("\"DELETED\"", StringComparison.Ordinal)), (await watch.ReadLineAsync().InTime())!);
        api.Server.SendBookmarks();
        Recording.AssertSame(recorded[^1], (await watch.ReadLineAsync().InTime())!);
        await Eventually.TrueAsync(() => api.Clock.Pending > 0, "the end is timed");
        api.Clock.Advance(TimeSpan.FromSeconds(4));
        Assert.DoesNotContain("ADDED", await watch.ReadToEndAsync().InTime(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_watch_from_the_future_is_silent_until_its_end_as_recorded()
    {
        await using var api = await Api.StartAsync();
        var recorded = Recording.Read("watch-future");
        using var watch = await api.WatchAsync(recorded.Target);
        await api.AskAsync("POST", Api.InDefault, Api.Ingress("web"));
        await Eventually.TrueAsync(() => api.Clock.Pending > 0, "the end is timed");
        api.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(recorded.Body.Trim(), (await watch.ReadToEndAsync().InTime()).Trim());
    }

    [Fact]
    public async Task Who_has_no_rights_and_who_is_nobody_are_answered_as_recorded()
    {
        await using var api = await Api.StartAsync();
        api.Server.AddToken("limited", "system:serviceaccount:default:limited");
        using var forbidden = await api.SendAsync("GET", "/api/v1/secrets", token: "limited");
        await Api.AssertSameAsync(Recording.Read("forbidden"), forbidden);
        Assert.Equal(["nosniff"], forbidden.Headers.GetValues("x-content-type-options"));
        using var unauthorized = await api.SendAsync("GET", "/api/v1/secrets", token: "nobody's");
        await Api.AssertSameAsync(Recording.Read("unauthorized"), unauthorized);
    }

    private static async Task FillAsync(Api api)
    {
        api.HasDefaultClass();
        foreach (var name in new[] { "web", "page-1", "page-2", "page-3" })
        {
            await api.AskAsync("POST", Api.InDefault, Api.Ingress(name));
        }

        var recorded = Recording.Read("patch-status");
        await api.AskAsync(recorded.Method, recorded.Target, recorded.Request, recorded.ContentType);
    }
}
