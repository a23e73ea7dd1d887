using System.Globalization;
using System.Net;
using IngressController.Proxy.Observing;
using IngressController.Proxy.Pipeline;
using IngressController.Routing.Model;
using Microsoft.AspNetCore.Http;

namespace IngressController.Proxy.Streams;

/// <summary>What is known of one session. Its statuses are those of nginx's stream module: 200 once something could be carried, however it ended.</summary>
/// <param name="client">The peer.</param>
internal sealed class SessionEntry(StreamService service, IPAddress client, TimeProvider time)
{
    private readonly long began = time.GetTimestamp();

    public StreamKey Key => service.Key;

    /// <summary>The peer, or whom a trusted one names.</summary>
    public IPAddress Client { get; set; } = client;

    public DialedTries Tries { get; } = new(time);

    public int Status { get; private set; } = StatusCodes.Status200OK;

    /// <summary>Why it ended early.</summary>
    public Reason Reason { get; set; }

    /// <summary>A destination was reached.</summary>
    public bool IsCarried { get; private set; }

    /// <summary>Bytes from the client.</summary>
    public long FromClient { get; private set; }

    /// <summary>Bytes to the client.</summary>
    public long ToClient { get; private set; }

    public void Carried(long fromClient, long toClient, Reason reason)
    {
        (IsCarried, FromClient, ToClient, Reason) = (true, fromClient, toClient, reason);
        Tries.Ended(toClient);
    }

    public void Fail(int status, Reason reason) => (Status, Reason) = (status, reason);

    public RequestRecord Record() => new()
    {
        Time = time.GetUtcNow(),
        IsSession = true,
        Client = Client,
        Protocol = Key.Protocol == StreamProtocol.Tcp ? "TCP" : "UDP",
        Host = string.Create(CultureInfo.InvariantCulture, $":{Key.Port}"),
        Status = Status,
        RequestBytes = FromClient,
        Bytes = ToClient,
        Duration = time.GetElapsedTime(began),
        Service = $"{service.Service}:{service.Port}",
        Last = Tries.Last,
        Earlier = Tries.Earlier,
        Reason = Reason.Word(),
    };
}
