using IngressController.Proxy.AccessLog;
using IngressController.Proxy.Backends;
using IngressController.Proxy.Listening;
using IngressController.Proxy.Observing.Traffic;

namespace IngressController.Proxy.Observing;

/// <summary>The one place that learns of every request that has ended. Who is told here never makes a request wait.</summary>
internal sealed class FinishedRequests(RequestMetrics requests, DestinationMetrics destinations, ConnectionMetrics connections, NginxMetrics nginx, AccessLogQueue log, RequestTail tail, TrafficBook traffic)
{
    /// <param name="route">Null where no route answered.</param>
    public void Tell(in RequestRecord record, ProxyRoute? route)
    {
        if (record.IsPassthrough)
        {
            connections.PassedThrough(record);
        }
        else
        {
            requests.Finished(record);
            nginx.Finished(record);
        }

        destinations.Finished(record);
        log.Write(record);
        tail.Offer(record);
        traffic.End(record, route);
    }
}
