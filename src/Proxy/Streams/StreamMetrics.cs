using System.Diagnostics.Metrics;
using IngressController.Proxy.Limits;
using IngressController.Routing.Model;

namespace IngressController.Proxy.Streams;

/// <summary>What connections of TCP services and clients of UDP services are counted by.</summary>
internal sealed class StreamMetrics
{
    private readonly LimitMetrics limits;
    private readonly Counter<long> sessions;
    private readonly UpDownCounter<long> active;
    private readonly Counter<long> refused;
    private readonly Counter<long> bytes;

    public StreamMetrics(IMeterFactory factory, LimitMetrics limits)
    {
        this.limits = limits;
        var meter = factory.Create(ProxyMeter.Name);
        sessions = meter.CreateCounter<long>("ingress.stream.sessions", "{session}", "Connections to TCP services, and clients of UDP services");
        active = meter.CreateUpDownCounter<long>("ingress.stream.active_sessions", "{session}", "Those that are carried at the moment");
        refused = meter.CreateCounter<long>("ingress.stream.refused", "{session}", "Those that could not be carried: no destination, a wrong PROXY header, no room");
        bytes = meter.CreateCounter<long>("ingress.stream.io", "By", "What they carried, told at their end");
    }

    public void Began(StreamKey key)
    {
        sessions.Add(1, Tags(key));
        active.Add(1, Tags(key));
    }

    public void Ended(StreamKey key) => active.Add(-1, Tags(key));

    public void Refused(StreamKey key) => refused.Add(1, Tags(key));

    /// <summary>There are as many as there may be.</summary>
    public void NoRoom() => limits.Hit(Limit.Connections);

    public void Carried(StreamKey key, long toServer, long toClient)
    {
        bytes.Add(toServer, [.. Tags(key), new("direction", "receive")]);
        bytes.Add(toClient, [.. Tags(key), new("direction", "transmit")]);
    }

    private static KeyValuePair<string, object?>[] Tags(StreamKey key) =>
        [new("protocol", key.Protocol == StreamProtocol.Tcp ? "tcp" : "udp"), new("port", key.Port)];
}
