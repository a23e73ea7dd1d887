using System.Net;
using IngressController.Proxy.Observing;
using IngressController.Proxy.Pipeline;
using IngressController.Routing.Model;
using Microsoft.AspNetCore.Http;

namespace IngressController.Proxy.Streams;

/// <summary>Counts sessions, and has each written into the access log when it ends.</summary>
internal sealed class SessionBook(StreamMetrics metrics, FinishedRequests finished, TimeProvider time)
{
    public SessionEntry Open(StreamService service, IPAddress client)
    {
        metrics.Began(service.Key);
        return new(service, client, time);
    }

    public void Close(SessionEntry entry)
    {
        if (entry.IsCarried)
        {
            metrics.Carried(entry.Key, entry.FromClient, entry.ToClient);
        }
        else
        {
            metrics.Refused(entry.Key);
        }

        metrics.Ended(entry.Key);
        finished.TellSession(entry.Record());
    }

    /// <summary>It does not begin.</summary>
    public void Refuse(StreamService service, IPAddress client, int status, Reason reason)
    {
        metrics.Refused(service.Key);
        Tell(service, client, status, reason);
    }

    /// <summary>There are as many as all ports together may have.</summary>
    public void NoRoom(StreamService service, IPAddress client)
    {
        metrics.NoRoom();
        Tell(service, client, StatusCodes.Status503ServiceUnavailable, Reason.TooManySessions);
    }

    private void Tell(StreamService service, IPAddress client, int status, Reason reason)
    {
        var entry = new SessionEntry(service, client, time);
        entry.Fail(status, reason);
        finished.TellSession(entry.Record());
    }
}
