using IngressController.Proxy.Observing;
using IngressController.Proxy.Tracing;
using IngressController.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace IngressController.EndToEnd.Proxy;

/// <summary>Most traces are not recorded, and the backend knows them nevertheless.</summary>
public sealed class UnrecordedTraceTests
{
    [Theory]
    [InlineData("0")]
    [InlineData("1")]
    public async Task What_is_not_recorded_says_so_to_the_backend_and_has_a_trace_but_no_span(string flags)
    {
        using var spans = new RecordedSpans();
        await using var backend = await EchoBackend.StartAsync();
        await using var proxy = await TracedProxy.StartAsync(TraceContext.Always, backend, isRecorded: (_, parent) => parent == default);
        using var watch = proxy.Services.GetRequiredService<RequestTail>().Watch(static (in _) => true);
        var id = $"not-recorded-{flags}";
        await TracedProxy.AskAsync(proxy, id, "/", ("traceparent", TracedProxy.Known[..^1] + flags), ("tracestate", "a=1"));
        Assert.Matches("^00-0af7651916cd43dd8448eb211c80319c-(?!b7ad6b7169203331)[0-9a-f]{16}-00$", backend.Single.Header("traceparent"));
        Assert.Equal("a=1", backend.Single.Header("tracestate"));
        Assert.Equal("0af7651916cd43dd8448eb211c80319c", (await watch.Records.ReadAsync().AsTask().InTime()).TraceId);
        await TracedProxy.AskAsync(proxy, id + "-last", "/");
        await spans.OfAsync(id + "-last"); // what ended before it would be there
        Assert.DoesNotContain(id, spans.RequestIds);
    }

    [Fact]
    public async Task A_trace_that_begins_here_and_is_not_recorded_has_another_id_each_time()
    {
        await using var backend = await EchoBackend.StartAsync();
        await using var proxy = await TracedProxy.StartAsync(TraceContext.Never, backend, isRecorded: (_, _) => false);
        await TracedProxy.AskAsync(proxy, "first", "/", ("traceparent", TracedProxy.Known), ("tracestate", "a=1"));
        await TracedProxy.AskAsync(proxy, "second", "/");
        var told = backend.Requests.Select(request => request.Header("traceparent")!).ToList();
        Assert.All(told, text => Assert.Matches("^00-(?!0af7651916cd43dd8448eb211c80319c|0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-00$", text));
        Assert.Equal(2, told.Select(text => text[3..35]).Distinct().Count());
        Assert.All(backend.Requests, request => Assert.Null(request.Header("tracestate")));
    }
}
