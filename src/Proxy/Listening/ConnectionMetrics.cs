using System.Diagnostics.Metrics;
using IngressController.Proxy.Observing;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;

namespace IngressController.Proxy.Listening;

/// <summary>What connections of clients are counted by.</summary>
internal sealed class ConnectionMetrics : IDisposable
{
    private const string Kestrel = "Microsoft.AspNetCore.Server.Kestrel";
    private const string KestrelHandshakes = "kestrel.tls_handshake.duration";

    private readonly Counter<long> connections;
    private readonly UpDownCounter<long> active;
    private readonly Counter<long> handshakes;
    private readonly Counter<long> passthroughs;
    private readonly Counter<long> passthroughBytes;

    /// <summary>Only Kestrel knows why a handshake has failed.</summary>
    private readonly MeterListener listener = new();

    private int open;
    private long opened;

    public ConnectionMetrics(IMeterFactory factory)
    {
        var meter = factory.Create(ProxyMeter.Name);
        connections = meter.CreateCounter<long>("ingress.connections", "{connection}", "Connections that clients have opened to the ports for http and https");
        active = meter.CreateUpDownCounter<long>("ingress.connections.active", "{connection}", "Those that are open");
        handshakes = meter.CreateCounter<long>("ingress.tls.handshakes", "{handshake}", "TLS handshakes with clients, by version and by what became of them");
        passthroughs = meter.CreateCounter<long>("ingress.passthrough.connections", "{connection}", "Connections that were passed through to a Service as they came, told at their end");
        passthroughBytes = meter.CreateCounter<long>("ingress.passthrough.io", "By", "What they carried from clients (receive) and to them (transmit)");
        ListenToKestrel(factory);
    }

    /// <summary>Connections of clients at the moment.</summary>
    public int Open => Volatile.Read(ref open);

    /// <summary>All there have been.</summary>
    public long Opened => Interlocked.Read(ref opened);

    /// <param name="port"><c>http</c> or <c>https</c>.</param>
    public Func<T, Task> Count<T>(Func<T, Task> next, string port)
        where T : BaseConnectionContext
    {
        var tag = new KeyValuePair<string, object?>("port", port);
        return async connection =>
        {
            connections.Add(1, tag);
            active.Add(1, tag);
            Interlocked.Increment(ref open);
            Interlocked.Increment(ref opened);
            try
            {
                await next(connection);
            }
            finally
            {
                active.Add(-1, tag);
                Interlocked.Decrement(ref open);
            }
        };
    }

    /// <summary>Kestrel does not tell of these, and of none that has failed.</summary>
    public void HandshakeOverQuic() => handshakes.Add(1, new("version", "1.3"), new("outcome", "ok"));

    /// <summary>Before Kestrel knew of it: the client's hello did not come whole in time.</summary>
    public void HandshakeTimedOut() => handshakes.Add(1, new("version", ""), new("outcome", "timeout"));

    public void PassedThrough(in RequestRecord record)
    {
        var outcome = record.Status != StatusCodes.Status200OK ? "unreachable" : record.Reason.Length > 0 ? "broken" : "whole";
        passthroughs.Add(1, [.. RequestMetrics.Tags(record.Names), new("outcome", outcome)]);
        passthroughBytes.Add(record.RequestBytes, [.. RequestMetrics.Tags(record.Names), new("direction", "receive")]);
        passthroughBytes.Add(record.Bytes, [.. RequestMetrics.Tags(record.Names), new("direction", "transmit")]);
    }

    public void Dispose() => listener.Dispose();

    private void ListenToKestrel(IMeterFactory factory)
    {
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == KestrelHandshakes && instrument.Meter.Name == Kestrel && ReferenceEquals(instrument.Meter.Scope, factory))
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>((_, _, tags, _) =>
        {
            var (version, outcome) = ("", "ok");
            foreach (var tag in tags)
            {
                (version, outcome) = tag.Key switch
                {
                    "tls.protocol.version" => ($"{tag.Value}", outcome),
                    "error.type" => (version, OutcomeOf($"{tag.Value}")),
                    _ => (version, outcome),
                };
            }

            handshakes.Add(1, new("version", version), new("outcome", outcome));
        });
        listener.Start();
    }

    /// <param name="error">An exception's type.</param>
    private static string OutcomeOf(string error) => error switch
    {
        "System.OperationCanceledException" or "System.Threading.Tasks.TaskCanceledException" => "timeout",
        "System.IO.IOException" => "closed",
        _ => "failed",
    };
}
