using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using IngressController.Proxy;
using IngressController.Proxy.Observing;
using IngressController.Proxy.Tracing;
using IngressController.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace IngressController.EndToEnd.Proxy;

/// <summary>The trace of a request: what the backend is told of it, and the spans.</summary>
public sealed class TraceTests
{
    private const string Known = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    [Fact]
    public async Task A_trace_begins_here_and_the_backend_goes_on_with_it()
    {
        using var spans = new RecordedSpans();
        await using var backend = await EchoBackend.StartAsync();
        await using var proxy = await StartAsync(TraceContext.Trusted, backend);
        await AskAsync(proxy, "begins", "/a?token=secret");
        var (request, tries) = await spans.OfAsync("begins");
        var attempt = Assert.Single(tries);
        Assert.Equal((ActivityKind.Server, ActivityKind.Client, default(ActivitySpanId)), (request.Kind, attempt.Kind, request.ParentSpanId));
        Assert.Equal(attempt.Id, backend.Single.Header("traceparent"));
        Assert.EndsWith("-01", attempt.Id, StringComparison.Ordinal);
        Assert.Equal(
            ("GET", "GET", "http", "/a", 200, "shop/web", "127.0.0.1"),
            (request.OperationName, request.GetTagItem("http.request.method"), request.GetTagItem("url.scheme"), request.GetTagItem("url.path"),
                request.GetTagItem("http.response.status_code"), request.GetTagItem("ingress.name"), request.GetTagItem("client.address")));
        Assert.Equal(("127.0.0.1", backend.Port, 200), (attempt.GetTagItem("server.address"), attempt.GetTagItem("server.port"), attempt.GetTagItem("http.response.status_code")));
        Assert.DoesNotContain(request.TagObjects, tag => tag.Value?.ToString()?.Contains("secret", StringComparison.Ordinal) == true);
        Assert.Equal((ActivityStatusCode.Unset, ActivityStatusCode.Unset), (request.Status, attempt.Status));
    }

    [Theory]
    [InlineData(TraceContext.Trusted, true, true)]
    [InlineData(TraceContext.Trusted, false, false)]
    [InlineData(TraceContext.Always, false, true)]
    [InlineData(TraceContext.Never, true, false)]
    public async Task A_clients_trace_goes_on_where_it_is_believed_and_is_only_pointed_at_elsewhere(TraceContext believed, bool isTrusted, bool goesOn)
    {
        using var spans = new RecordedSpans();
        await using var backend = await EchoBackend.StartAsync();
        await using var proxy = await StartAsync(believed, backend, isTrusted);
        var id = $"goes-on-{believed}-{isTrusted}";
        await AskAsync(proxy, id, "/", ("traceparent", Known), ("tracestate", "a=1"));
        var (request, _) = await spans.OfAsync(id);
        var known = ActivityContext.Parse(Known, null);
        Assert.Equal((goesOn, goesOn), (request.TraceId == known.TraceId, request.ParentSpanId == known.SpanId));
        Assert.Equal(goesOn ? [] : [known.TraceId], request.Links.Select(link => link.Context.TraceId));
        Assert.Equal(goesOn ? "a=1" : null, backend.Single.Header("tracestate"));
        Assert.Contains(request.TraceId.ToHexString(), backend.Single.Header("traceparent"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("00-00000000000000000000000000000000-b7ad6b7169203331-01")]
    [InlineData(Known, Known)]
    public async Task What_is_no_trace_context_is_replaced(params string[] sent)
    {
        using var spans = new RecordedSpans();
        await using var backend = await EchoBackend.StartAsync();
        await using var proxy = await StartAsync(TraceContext.Always, backend);
        var id = $"no-context-{sent[0].Length}-{sent.Length}";
        await AskAsync(proxy, id, "/", [.. sent.Select(value => ("traceparent", value))]);
        var (request, tries) = await spans.OfAsync(id);
        Assert.Equal((default, Assert.Single(tries).Id), (request.ParentSpanId, backend.Single.Header("traceparent")));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("1")]
    public async Task What_is_not_recorded_says_so_to_the_backend_and_has_a_trace_but_no_span(string flags)
    {
        using var spans = new RecordedSpans();
        await using var backend = await EchoBackend.StartAsync();
        await using var proxy = await StartAsync(TraceContext.Always, backend, isRecorded: (_, parent) => parent == default);
        using var watch = proxy.Services.GetRequiredService<RequestTail>().Watch(static (in _) => true);
        var id = $"not-recorded-{flags}";
        await AskAsync(proxy, id, "/", ("traceparent", Known[..^1] + flags), ("tracestate", "a=1"));
        Assert.Matches("^00-0af7651916cd43dd8448eb211c80319c-(?!b7ad6b7169203331)[0-9a-f]{16}-00$", backend.Single.Header("traceparent"));
        Assert.Equal("a=1", backend.Single.Header("tracestate"));
        Assert.Equal("0af7651916cd43dd8448eb211c80319c", (await watch.Records.ReadAsync().AsTask().InTime()).TraceId);
        await AskAsync(proxy, id + "-last", "/");
        await spans.OfAsync(id + "-last"); // what ended before it would be there
        Assert.DoesNotContain(id, spans.RequestIds);
    }

    [Fact]
    public async Task A_trace_that_begins_here_and_is_not_recorded_has_another_id_each_time()
    {
        await using var backend = await EchoBackend.StartAsync();
        await using var proxy = await StartAsync(TraceContext.Never, backend, isRecorded: (_, _) => false);
        await AskAsync(proxy, "first", "/", ("traceparent", Known), ("tracestate", "a=1"));
        await AskAsync(proxy, "second", "/");
        var told = backend.Requests.Select(request => request.Header("traceparent")!).ToList();
        Assert.All(told, text => Assert.Matches("^00-(?!0af7651916cd43dd8448eb211c80319c|0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-00$", text));
        Assert.Equal(2, told.Select(text => text[3..35]).Distinct().Count());
        Assert.All(backend.Requests, request => Assert.Null(request.Header("tracestate")));
    }

    [Fact]
    public async Task The_sampler_is_asked_about_the_trace_that_the_backend_sees()
    {
        using var spans = new RecordedSpans();
        var asked = new ConcurrentQueue<(string Trace, ActivityContext Parent)>();
        await using var backend = await EchoBackend.StartAsync();
        await using var proxy = await StartAsync(TraceContext.Trusted, backend, isRecorded: (trace, parent) =>
        {
            asked.Enqueue((trace.ToHexString(), parent));
            return true;
        });
        await AskAsync(proxy, "asked", "/", ("traceparent", Known));
        var (trace, parent) = Assert.Single(asked);
        Assert.Equal((default, trace), (parent, backend.Single.Header("traceparent")![3..35]));
    }

    [Fact]
    public async Task Each_try_is_a_span()
    {
        using var spans = new RecordedSpans();
        await using var backend = await EchoBackend.StartAsync();
        await using var proxy = await StartAsync(TraceContext.Trusted, backend);
        proxy.Serve(RawBackend.Refusing(), backend.Destination);
        await AskAsync(proxy, "try-1", "/");
        await AskAsync(proxy, "try-2", "/"); // in turn, so one of the two has met the refusing one first
        var both = new[] { (await spans.OfAsync("try-1")).Tries, (await spans.OfAsync("try-2")).Tries };
        var tries = Assert.Single(both, tries => tries.Length == 2);
        Assert.Equal(("ConnectFailed", ActivityStatusCode.Error), (tries[0].GetTagItem("error.type"), tries[0].Status));
        Assert.Equal((200, 1), (tries[1].GetTagItem("http.response.status_code"), tries[1].GetTagItem("http.request.resend_count")));
    }

    [Fact]
    public async Task What_the_controller_answers_itself_has_its_reason()
    {
        using var spans = new RecordedSpans();
        await using var backend = await EchoBackend.StartAsync();
        await using var proxy = await StartAsync(TraceContext.Trusted, backend);
        await AskAsync(proxy, "no-route", "/", ("Host", "nowhere.test"));
        proxy.Serve();
        await AskAsync(proxy, "no-endpoints", "/");
        var (lost, tries) = await spans.OfAsync("no-route");
        Assert.Empty(tries);
        Assert.Equal((404, "NoRoute", ActivityStatusCode.Unset), (lost.GetTagItem("http.response.status_code"), lost.GetTagItem("ingress.reason"), lost.Status));
        var (empty, _) = await spans.OfAsync("no-endpoints");
        Assert.Equal((503, "NoEndpoints", ActivityStatusCode.Error), (empty.GetTagItem("http.response.status_code"), empty.GetTagItem("error.type"), empty.Status));
    }

    [Fact]
    public async Task Methods_that_clients_make_up_make_no_names()
    {
        using var spans = new RecordedSpans();
        await using var backend = await EchoBackend.StartAsync();
        await using var proxy = await StartAsync(TraceContext.Trusted, backend);
        using var client = proxy.CreateClient();
        using var request = new HttpRequestMessage(new("MADEUP"), "/");
        request.Headers.Add("X-Request-ID", "made-up");
        await client.SendAsync(request);
        var (span, tries) = await spans.OfAsync("made-up");
        Assert.Equal(("HTTP", "_OTHER", "HTTP"), (span.OperationName, span.GetTagItem("http.request.method"), Assert.Single(tries).OperationName));
    }

    [Fact]
    public async Task The_access_log_names_the_trace()
    {
        using var spans = new RecordedSpans();
        await using var backend = await EchoBackend.StartAsync();
        await using var proxy = await StartAsync(TraceContext.Always, backend);
        using var watch = proxy.Services.GetRequiredService<RequestTail>().Watch(static (in _) => true);
        await AskAsync(proxy, "log", "/", ("traceparent", Known));
        Assert.Equal("0af7651916cd43dd8448eb211c80319c", (await watch.Records.ReadAsync().AsTask().InTime()).TraceId);
    }

    [Fact]
    public async Task Where_no_traces_are_wanted_the_context_passes_as_it_came()
    {
        using var spans = new RecordedSpans();
        await using var backend = await EchoBackend.StartAsync();
        await using var proxy = await ProxyUnderTest.StartAsync();
        proxy.Serve(backend.Destination);
        await AskAsync(proxy, "off", "/", ("traceparent", Known), ("tracestate", "a=1"));
        Assert.Equal((Known, "a=1"), (backend.Single.Header("traceparent"), backend.Single.Header("tracestate")));
    }

    private static async Task<ProxyUnderTest> StartAsync(TraceContext believed, EchoBackend backend, bool isTrusted = false, TraceSampler? isRecorded = null)
    {
        var proxy = await ProxyUnderTest.StartAsync(options =>
        {
            (options.TraceSampler, options.TraceContext) = (isRecorded ?? ((_, _) => true), believed);
            if (isTrusted)
            {
                options.TrustedProxies.Add(IPNetwork.Parse("127.0.0.0/8"));
            }
        });
        proxy.Serve(backend.Destination);
        return proxy;
    }

    private static async Task AskAsync(ProxyUnderTest proxy, string id, string target, params (string Name, string Value)[] headers)
    {
        var host = headers.Any(header => header.Name == "Host") ? "" : $"Host: {ProxyUnderTest.Host}\r\n";
        var lines = string.Concat(headers.Select(header => $"{header.Name}: {header.Value}\r\n"));
        Assert.StartsWith("HTTP/1.1 ", await proxy.SendRawAsync($"GET {target} HTTP/1.1\r\n{host}X-Request-ID: {id}\r\nConnection: close\r\n{lines}\r\n"), StringComparison.Ordinal);
    }
}
