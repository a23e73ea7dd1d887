using System.Diagnostics.Metrics;
using IngressController.Proxy.Backends;
using Microsoft.Extensions.Options;

namespace IngressController.Proxy.Observing;

/// <summary>What requests are counted by. Costs nothing of the heap.</summary>
internal sealed class RequestMetrics
{
    /// <summary>In seconds; Prometheus' own, which ingress-nginx has too.</summary>
    private static readonly InstrumentAdvice<double> Buckets = new() { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] };

    private static readonly string[] Classes = ["", "1xx", "2xx", "3xx", "4xx", "5xx"];

    private readonly Counter<long> requests;
    private readonly Histogram<double> duration;
    private readonly Histogram<double> upstreamDuration;
    private readonly Counter<long> bytes;
    private readonly Counter<long> retries;
    private readonly bool countsHosts;

    public RequestMetrics(IMeterFactory factory, IOptions<ProxyOptions> options)
    {
        countsHosts = options.Value.MetricsByHost;
        var meter = factory.Create(ProxyMeter.Name);
        requests = meter.CreateCounter<long>("ingress.requests", "{request}", "Requests that have been answered, or were given up by their clients");
        duration = meter.CreateHistogram("ingress.request.duration", "s", "From the end of a request's headers to the end of its answer", null, Buckets);
        upstreamDuration = meter.CreateHistogram("ingress.upstream.duration", "s", "Of that, the time with destinations, all tries together", null, Buckets);
        bytes = meter.CreateCounter<long>("ingress.request.io", "By", "Bodies of requests (receive) and answers (transmit), told when the request ends");
        retries = meter.CreateCounter<long>("ingress.upstream.retries", "{try}", "Further tries, after a destination could not be reached");
    }

    /// <summary>How long it took.</summary>
    public void Took(in RequestRecord record)
    {
        var names = record.Names;
        ReadOnlySpan<KeyValuePair<string, object?>> tags =
            [new("namespace", names.Namespace), new("ingress", names.Ingress), new("service", names.Service), StatusOf(record), new("host", record.RouteHost)];
        tags = countsHosts ? tags : tags[..4];
        if (record.Duration > TimeSpan.Zero)
        {
            duration.Record(record.Duration.TotalSeconds, tags); // not known of what was refused before it was a request
        }

        if (record.Last.Destination.Length > 0)
        {
            upstreamDuration.Record(record.UpstreamTime.TotalSeconds, tags);
        }
    }

    /// <summary>That there were so many, with so many bytes in all.</summary>
    public void Count(in RequestRecord alike, in RequestSum sum)
    {
        KeyValuePair<string, object?> space = new("namespace", alike.Names.Namespace), ingress = new("ingress", alike.Names.Ingress), service = new("service", alike.Names.Service);
        ReadOnlySpan<KeyValuePair<string, object?>> tags = [space, ingress, service, StatusOf(alike), new("host", alike.RouteHost)];
        requests.Add(sum.Requests, countsHosts ? tags : tags[..4]);
        if (!alike.Earlier.IsEmpty)
        {
            retries.Add(alike.Earlier.Length * sum.Requests, space, ingress, service);
        }

        Add(sum.RequestBytes, "receive", space, ingress, service);
        Add(sum.Bytes, "transmit", space, ingress, service);
    }

    /// <summary>For instruments that are seldom read.</summary>
    public static KeyValuePair<string, object?>[] Tags(RouteNames names) => [new("namespace", names.Namespace), new("ingress", names.Ingress), new("service", names.Service)];

    private static KeyValuePair<string, object?> StatusOf(in RequestRecord record) => new("status", Classes[record.Status / 100 is > 0 and <= 5 and var first ? first : 0]);

    private void Add(long count, string direction, KeyValuePair<string, object?> space, KeyValuePair<string, object?> ingress, KeyValuePair<string, object?> service)
    {
        if (count > 0)
        {
            bytes.Add(count, space, ingress, service, new("direction", direction));
        }
    }
}
