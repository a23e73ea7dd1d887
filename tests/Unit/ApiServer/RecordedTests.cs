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
        await FillAsync(api);
        await ChangeAsync(api);
        var recorded = Recording.Read("streaming-list");
        using var watch = await api.WatchAsync(recorded.Target);
        foreach (var line in recorded.Lines)
        {
            Recording.AssertSame(line, (await watch.ReadLineAsync().InTime())!);
        }
    }

    [Fact]
    public async Task The_EndpointSlices_of_a_Service_answer_as_recorded()
    {
        const string slices = "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices";
        const string manager = "fieldManager=kube-controller-manager";
        await using var api = await Api.StartAsync();
        await api.AskAsync("POST", $"{slices}?{manager}", """
            {"metadata":{"name":"web-5g7zz","generateName":"web-","labels":{"endpointslice.kubernetes.io/managed-by":"endpointslice-controller.k8s.io","kubernetes.io/service-name":"web"},
             "annotations":{"endpoints.kubernetes.io/last-change-trigger-time":"2026-11-21T05:56:55Z"},
             "ownerReferences":[{"apiVersion":"v1","kind":"Service","name":"web","uid":"207db64c-fe85-4195-8a68-387e668ddf5c","controller":true,"blockOwnerDeletion":true}]},
             "addressType":"IPv4","endpoints":[],"ports":[]}
            """);
        foreach (var address in new[] { "10.0.0.1", "10.0.0.2" })
        {
            await api.AskAsync("PATCH", $"{slices}/web-5g7zz?{manager}", $$$"""{"endpoints":[{"addresses":["{{{address}}}"]}]}""", "application/merge-patch+json");
        }

        await api.AssertAnswersAsync("endpointslices");
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
        using var watch = await api.WatchAsync($"{Api.Ingresses}?watch=1&allowWatchBookmarks=true&resourceVersion={version}&timeoutSeconds=4");
        await ChangeAsync(api);
        foreach (var line in Recording.Read("watch").Lines)
        {
            if (line.Contains("\"BOOKMARK\"", StringComparison.Ordinal))
            {
                api.Server.SendBookmarks();
            }

            Recording.AssertSame(line, (await watch.ReadLineAsync().InTime())!);
        }

        await Eventually.TrueAsync(() => api.Clock.Pending > 0, "the end is timed");
        api.Clock.Advance(TimeSpan.FromSeconds(4));
        Assert.DoesNotContain("ADDED", await watch.ReadToEndAsync().InTime(), StringComparison.Ordinal); // a last bookmark may come
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

    /// <summary>What was done while the watch was recorded.</summary>
    private static async Task ChangeAsync(Api api)
    {
        await api.AskAsync("PATCH", $"{Api.InDefault}/page-1?fieldManager=kubectl-annotate", """{"metadata":{"annotations":{"a":"b"}}}""", "application/merge-patch+json");
        await api.AskAsync("DELETE", $"{Api.InDefault}/page-2");
        await api.AskAsync("POST", $"{Api.InDefault}?fieldManager=kubectl-create", """
            {"metadata":{"name":"page-9"},"spec":{"ingressClassName":"yarp","rules":[{"host":"x.example.com","http":{"paths":[{"path":"/","pathType":"Prefix","backend":{"service":{"name":"web","port":{"number":80}}}}]}}]}}
            """);
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
