using System.Diagnostics.Metrics;
using System.Globalization;
using IngressController.Proxy.Listening;

namespace IngressController.Proxy.Observing;

/// <summary>
/// Requests and connections under the names and labels that ingress-nginx has for them (kubernetes/ingress-nginx, docs/user-guide/monitoring.md, "Exposed metrics"), for
/// dashboards that know those. Costs nothing while nobody listens.
/// </summary>
internal sealed class NginxMetrics
{
    /// <summary>Its names are Prometheus' names as they are.</summary>
    public const string MeterName = "nginx_ingress_controller";

    private const string Prefix = MeterName + "_";

    /// <summary>In seconds and bytes, as ingress-nginx has them by default; of bytes its <c>--size-buckets</c>, for the other ones end at 100.</summary>
    private static readonly InstrumentAdvice<double> Durations = new() { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] };

    private static readonly InstrumentAdvice<double> Sizes = new() { HistogramBucketBoundaries = [10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000] };

    private static readonly string[] Statuses = [.. Enumerable.Range(0, 1000).Select(status => status.ToString(CultureInfo.InvariantCulture))];

    private static readonly HashSet<string> Methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT", "TRACE"];

    private readonly Counter<long> requests;
    private readonly Histogram<double> requestDuration;
    private readonly Histogram<double> responseDuration;
    private readonly Histogram<double> requestSize;
    private readonly Histogram<double> responseSize;
    private long finished;

    public NginxMetrics(IMeterFactory factory, ConnectionMetrics connections)
    {
        var meter = factory.Create(MeterName);
        requests = meter.CreateCounter<long>(Prefix + "requests", description: "The total number of client requests");
        requestDuration = meter.CreateHistogram(Prefix + "request_duration_seconds", null, "The request processing time", null, Durations);
        responseDuration = meter.CreateHistogram(Prefix + "response_duration_seconds", null, "The time spent with the upstream server", null, Durations);
        requestSize = meter.CreateHistogram(Prefix + "request_size", null, "The length of the request's body", null, Sizes);
        responseSize = meter.CreateHistogram(Prefix + "response_size", null, "The length of the response's body", null, Sizes);
        meter.CreateObservableGauge<int>(Prefix + "nginx_process_connections", () => [new(connections.Open, State("active"))], description: "Current number of client connections");
        meter.CreateObservableCounter<long>(
            Prefix + "nginx_process_connections_total", () => [new(connections.Opened, State("accepted")), new(connections.Opened, State("handled"))], description: "Total number of connections");
        meter.CreateObservableCounter(Prefix + "nginx_process_requests_total", () => Interlocked.Read(ref finished), description: "Total number of client requests");
    }

    public void Finished(in RequestRecord record)
    {
        if (!requests.Enabled)
        {
            return;
        }

        Interlocked.Increment(ref finished);
        ReadOnlySpan<KeyValuePair<string, object?>> tags =
        [
            new("namespace", record.Names.Namespace),
            new("ingress", record.Names.Ingress),
            new("service", record.Names.ServiceName),
            new("host", record.RouteHost),
            new("path", record.RoutePath),
            new("method", Methods.Contains(record.Method) ? record.Method : "OTHER"),
            new("status", Statuses[Math.Clamp(record.Status, 0, Statuses.Length - 1)]),
        ];
        requests.Add(1, tags);
        requestDuration.Record(record.Duration.TotalSeconds, tags);
        requestSize.Record(record.RequestBytes, tags);
        responseSize.Record(record.Bytes, tags);
        if (record.Last.Destination.Length > 0)
        {
            responseDuration.Record(record.UpstreamTime.TotalSeconds, tags);
        }
    }

    private static KeyValuePair<string, object?> State(string state) => new("state", state);
}
