using IngressController.Proxy.AccessLog;

namespace IngressController.Proxy.Observing;

/// <summary>The one place that learns of every request that has ended. Who is told here never makes a request wait.</summary>
internal sealed class FinishedRequests(AccessLogQueue log, RequestTail tail)
{
    public void Tell(in RequestRecord record)
    {
        log.Write(record);
        tail.Offer(record);
    }
}
