using System.Diagnostics.Metrics;
using IngressController.Proxy.Limits;
using IngressController.Routing.Model;

namespace IngressController.Proxy;

/// <summary>What the data plane counts, in one meter.</summary>
internal sealed class ProxyMetrics
{
    public const string MeterName = "ingress.proxy";

    private readonly Counter<long> limitHits;
    private readonly Counter<long> streamSessions;
    private readonly UpDownCounter<long> streamActive;
    private readonly Counter<long> streamRefused;
    private readonly Counter<long> streamBytes;

    public ProxyMetrics(IMeterFactory factory)
    {
        var meter = factory.Create(MeterName);
        limitHits = meter.CreateCounter<long>("ingress.limit.hits", "{hit}", "Clients that came up against a limit");
        streamSessions = meter.CreateCounter<long>("ingress.stream.sessions", "{session}", "Connections to TCP services, and clients of UDP services");
        streamActive = meter.CreateUpDownCounter<long>("ingress.stream.active_sessions", "{session}", "Those that are carried at the moment");
        streamRefused = meter.CreateCounter<long>("ingress.stream.refused", "{session}", "Those that could not be carried: no destination, a wrong PROXY header, no room");
        streamBytes = meter.CreateCounter<long>("ingress.stream.io", "By", "What they carried, told at their end");
    }

    public void LimitHit(Limit limit) => limitHits.Add(1, new KeyValuePair<string, object?>("limit", limit.Word()));

    public void StreamBegan(StreamKey key)
    {
        streamSessions.Add(1, Tags(key));
        streamActive.Add(1, Tags(key));
    }

    public void StreamEnded(StreamKey key) => streamActive.Add(-1, Tags(key));

    public void StreamRefused(StreamKey key) => streamRefused.Add(1, Tags(key));

    public void StreamBytes(StreamKey key, long toServer, long toClient)
    {
        streamBytes.Add(toServer, [.. Tags(key), new("direction", "receive")]);
        streamBytes.Add(toClient, [.. Tags(key), new("direction", "transmit")]);
    }

    private static KeyValuePair<string, object?>[] Tags(StreamKey key) =>
        [new("protocol", key.Protocol == StreamProtocol.Tcp ? "tcp" : "udp"), new("port", key.Port)];
}
