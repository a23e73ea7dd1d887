using System.Diagnostics.Metrics;

namespace IngressController.Proxy.Limits;

/// <summary>Connections that Kestrel closes because no further request came. It tells of them nowhere but in its own metric of connections that have ended.</summary>
/// <param name="meters">Kestrel's.</param>
internal sealed class KeepAliveTimeouts(IMeterFactory meters, LimitMetrics metrics) : IDisposable
{
    private const string Instrument = "kestrel.connection.duration";
    private const string Reason = "error.type";
    private const string TimedOut = "keep_alive_timeout";

    private readonly MeterListener listener = new();

    public void Listen()
    {
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == Instrument && ReferenceEquals(instrument.Meter.Scope, meters))
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>((_, _, tags, _) => Ended(tags));
        listener.Start();
    }

    public void Dispose() => listener.Dispose();

    private void Ended(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (var tag in tags)
        {
            if (tag is { Key: Reason, Value: TimedOut })
            {
                metrics.Hit(Limit.KeepAliveTimeout);
            }
        }
    }
}
