using System.Collections.Concurrent;
using System.Diagnostics;
using IngressController.Proxy.Tracing;
using IngressController.Testing;

namespace IngressController.EndToEnd.Proxy;

/// <summary>The finished spans of all proxies in this process; a test tells its own by the id of its request.</summary>
internal sealed class RecordedSpans : IDisposable
{
    private readonly ConcurrentQueue<Activity> all = new();
    private readonly ActivityListener listener;

    public RecordedSpans()
    {
        listener = new()
        {
            ShouldListenTo = source => source.Name == RequestTraces.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = all.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
    }

    /// <summary>Of the requests whose spans are finished.</summary>
    public IEnumerable<string?> RequestIds => all.Select(span => (string?)span.GetTagItem("ingress.request.id"));

    /// <summary>The request's span, and those of its tries in their order.</summary>
    public async Task<(Activity Request, Activity[] Tries)> OfAsync(string requestId)
    {
        Activity? request = null;
        await Eventually.TrueAsync(() => (request = all.FirstOrDefault(span => (string?)span.GetTagItem("ingress.request.id") == requestId)) is not null, $"the span of {requestId}");
        return (request!, [.. all.Where(span => span.ParentSpanId == request!.SpanId).OrderBy(span => span.StartTimeUtc)]);
    }

    public void Dispose() => listener.Dispose();
}
