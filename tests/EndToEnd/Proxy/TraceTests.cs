using System.Collections.Concurrent;
using System.Diagnostics;
using IngressController.Proxy.Observing;
using IngressController.Proxy.Tracing;
using IngressController.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace IngressController.EndToEnd.Proxy;

/// <summary>The trace of a request: what the backend is told of it, and the spans.</summary>
public sealed class TraceTests
{
    private const string Known = TracedProxy.Known;

    [Fact]
    public async Task A_trace_begins_here_and_the_backend_goes_on_with_it()
    {
        using var spans = new RecordedSpans();
        await using var backend = await EchoBackend.StartAsync();
        await using var proxy = await TracedProxy.StartAsync(TraceContext.Trusted, backend);
        await TracedProxy.AskAsync(proxy, "begins", "/a?token=secret");
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
        await using var proxy = await TracedProxy.StartAsync(believed, backend, isTrusted);
        var id = $"goes-on-{believed}-{isTrusted}";
        await TracedProxy.AskAsync(proxy, id, "/", ("traceparent", Known), ("tracestate", "a=1"));
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
        await using var proxy = await TracedProxy.StartAsync(TraceContext.Always, backend);
        var id = $"no-context-{sent[0].Length}-{sent.Length}";
        await TracedProxy.AskAsync(proxy, id, "/", [.. sent.Select(value => ("traceparent", value))]);
        var (request, tries) = await spans.OfAsync(id);
        Assert.Equal((default, Assert.Single(tries).Id), (request.ParentSpanId, backend.Single.Header("traceparent")));
    }

    [Fact]
    public async Task The_sampler_is_asked_about_the_trace_that_the_backend_sees()
    {
        using var spans = new RecordedSpans();
        var asked = new ConcurrentQueue<(string Trace, ActivityContext Parent)>();
        await using var backend = await EchoBackend.StartAsync();
        await using var proxy = await TracedProxy.StartAsync(TraceContext.Trusted, backend, isRecorded: (trace, parent) =>
        {
            asked.Enqueue((trace.ToHexString(), parent));
            return true;
        });
        await TracedProxy.AskAsync(proxy, "asked", "/", ("traceparent", Known));
        var (trace, parent) = Assert.Single(asked);
        Assert.Equal((default, trace), (parent, backend.Single.Header("traceparent")![3..35]));
    }

    [Fact]
    public async Task Each_try_is_a_span()
    {
        using var spans = new RecordedSpans();
        await using var backend = await EchoBackend.StartAsync();
        await using var proxy = await TracedProxy.StartAsync(TraceContext.Trusted, backend);
        proxy.Serve(RawBackend.Refusing(), backend.Destination);
        await TracedProxy.AskAsync(proxy, "try-1", "/");
        await TracedProxy.AskAsync(proxy, "try-2", "/"); // in turn, so one of the two has met the refusing one first
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
        await using var proxy = await TracedProxy.StartAsync(TraceContext.Trusted, backend);
        await TracedProxy.AskAsync(proxy, "no-route", "/", ("Host", "nowhere.test"));
        proxy.Serve();
        await TracedProxy.AskAsync(proxy, "no-endpoints", "/");
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
        await using var proxy = await TracedProxy.StartAsync(TraceContext.Trusted, backend);
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
        await using var proxy = await TracedProxy.StartAsync(TraceContext.Always, backend);
        using var watch = proxy.Services.GetRequiredService<RequestTail>().Watch(static (in _) => true);
        await TracedProxy.AskAsync(proxy, "log", "/", ("traceparent", Known));
        Assert.Equal("0af7651916cd43dd8448eb211c80319c", (await watch.Records.ReadAsync().AsTask().InTime()).TraceId);
    }

    [Fact]
    public async Task Where_no_traces_are_wanted_the_context_passes_as_it_came()
    {
        using var spans = new RecordedSpans();
        await using var backend = await EchoBackend.StartAsync();
        await using var proxy = await ProxyUnderTest.StartAsync();
        proxy.Serve(backend.Destination);
        await TracedProxy.AskAsync(proxy, "off", "/", ("traceparent", Known), ("tracestate", "a=1"));
        Assert.Equal((Known, "a=1"), (backend.Single.Header("traceparent"), backend.Single.Header("tracestate")));
    }
}
