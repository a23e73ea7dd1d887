using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace IngressController.Proxy.Limits;

/// <summary>
/// Connections that Kestrel ends for a limit and without an answer. It tells of them nowhere but in its own metric of connections that have ended. Those of
/// <see cref="IdleConnections"/> are counted by it too, so that none counts twice that both have ended.
/// </summary>
/// <param name="meters">Kestrel's.</param>
internal sealed class EndedConnections(IMeterFactory meters, LimitMetrics metrics) : IDisposable
{
    private const string Instrument = "kestrel.connection.duration";
    private const string Reason = "error.type";
    private const string Version = "network.protocol.version";
    private const string OwnReason = "ingress.limit";

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

    /// <summary>Says what a connection was ended for, where that was not Kestrel's doing. Only when all that was spoken on it is over: nobody locks the tags.</summary>
    public static void Explain(IFeatureCollection connection, Limit? limit)
    {
        if (limit is { } reason)
        {
            connection.Get<IConnectionMetricsTagsFeature>()?.Tags.Add(new(OwnReason, reason));
        }
    }

    public void Dispose() => listener.Dispose();

    private void Ended(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var (own, reason, isHttp2) = (default(Limit?), default(string), false);
        foreach (var tag in tags)
        {
            own = tag.Key == OwnReason ? tag.Value as Limit? : own;
            reason = tag.Key == Reason ? tag.Value as string : reason;
            isHttp2 |= tag is { Key: Version, Value: "2" };
        }

        if ((own ?? LimitOf(reason, isHttp2)) is { } limit)
        {
            metrics.Hit(limit);
        }
    }

    /// <summary>Where limits of headers have an answer, <see cref="RefusedRequests"/> counts them: on HTTP/1.1, and on HTTP/2 up to twice the limit.</summary>
    private static Limit? LimitOf(string? reason, bool isHttp2) => reason switch
    {
        "keep_alive_timeout" => Limit.KeepAliveTimeout,
        "min_response_data_rate" => Limit.WriteTimeout,
        "request_headers_timeout" when isHttp2 => Limit.HeaderTimeout,
        "max_request_headers_total_size_exceeded" or "max_request_header_count_exceeded" when isHttp2 => Limit.Headers,
        _ => null,
    };
}
