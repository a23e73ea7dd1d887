using System.Diagnostics;
using IngressController.Proxy.AccessLog;
using IngressController.Proxy.Backends;
using IngressController.Proxy.Listening;
using IngressController.Proxy.Observing.Traffic;
using IngressController.Proxy.Tracing;

namespace IngressController.Proxy.Observing;

/// <summary>The one place that learns of every request that has ended, and of every session. Who is told here never makes a request wait.</summary>
internal sealed class FinishedRequests(RequestCounting requests, DestinationMetrics destinations, ConnectionMetrics connections, AccessLogQueue log, RequestTail tail, TrafficBook traffic)
{
    /// <param name="route">Null where no route answered.</param>
    /// <param name="span">The request's, which ends here; null where it has none.</param>
    public void Tell(in RequestRecord record, ProxyRoute? route, Activity? span = null)
    {
        if (span is not null)
        {
            Activity.Current = span; // so that what is measured can point to an example
        }

        if (record.IsPassthrough)
        {
            connections.PassedThrough(record);
            destinations.Finished(record);
        }
        else
        {
            requests.Finished(record, isExample: span is not null);
        }

        Show(record);
        traffic.End(record, route);
        if (span is not null)
        {
            RequestSpans.End(span, record);
        }
    }

    /// <summary>A session is no request: it is shown as they are, and counted by metrics of its own.</summary>
    public void TellSession(in RequestRecord record) => Show(record);

    private void Show(in RequestRecord record)
    {
        log.Write(record);
        tail.Offer(record);
    }
}
