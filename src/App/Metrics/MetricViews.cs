using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using OpenTelemetry.Metrics;

namespace IngressController.App.Metrics;

/// <summary>Which instruments are shown, and how the SDK aggregates them.</summary>
internal sealed class MetricViews
{
    /// <summary>Ours: everything of theirs is shown.</summary>
    public static readonly string[] OwnMeters = ["ingress.proxy", "ingress.kubernetes", "ingress.certificates", "ingress.controller", ProcessMetrics.MeterName];

    /// <summary>The platform's: what <see cref="Foreign"/> lists is shown.</summary>
    public static readonly string[] ForeignMeters = ["System.Runtime", "Microsoft.AspNetCore.Server.Kestrel"];

    /// <summary>Seconds, where the instrument has no advice of its own; each bucket is a line for each series.</summary>
    private static readonly double[] Durations = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

    /// <summary>
    /// What is useful of the platform's, and its name here: promtool refuses gauges that end in "count", as a histogram's number does.
    /// </summary>
    private static readonly Dictionary<string, string> Foreign = new()
    {
        ["dotnet.gc.collections"] = "dotnet.gc.collections",
        ["dotnet.gc.heap.total_allocated"] = "dotnet.gc.heap.allocated",
        ["dotnet.gc.last_collection.heap.size"] = "dotnet.gc.last_collection.heap.size",
        ["dotnet.gc.last_collection.memory.committed_size"] = "dotnet.gc.last_collection.memory.committed_size",
        ["dotnet.gc.pause.time"] = "dotnet.gc.pause.time",
        ["dotnet.exceptions"] = "dotnet.exceptions",
        ["dotnet.monitor.lock_contentions"] = "dotnet.monitor.lock_contentions",
        ["dotnet.timer.count"] = "dotnet.timers",
        ["kestrel.rejected_connections"] = "kestrel.rejected_connections",
        ["kestrel.active_tls_handshakes"] = "kestrel.active_tls_handshakes",
        ["kestrel.tls_handshake.duration"] = "kestrel.tls_handshake.duration",
    };

    /// <summary>The SDK takes memory for so many series of an instrument at once, 120 bytes for each; what is too much for it is added up in one series.</summary>
    private const int MostSeries = 500;

    /// <summary>
    /// Of instruments that have series for objects of the cluster, by the beginnings of their names: what 10,000 Ingresses and 5,000 Services need between two rounds. Of
    /// what has series of its own for few at a time anyway (<see cref="MetricsOptions.HistogramSeries"/>) there are some times as many.
    /// </summary>
    private static readonly (string Start, int Most)[] OfObjects =
    [
        ("ingress.requests", 24_000),
        ("ingress.request.io", 21_000),
        ("ingress.request.duration", 3_000),
        ("ingress.upstream.duration", 3_000),
        ("ingress.active_requests", 1_000),
        ("ingress.destination.", 3_000),
        ("ingress.backend.destinations", 8_000),
        ("ingress.limit.hits", 3_000),
        ("ingress.certificate.", 1_100),
        ("nginx_ingress_controller_requests", 40_000),
        ("nginx_ingress_controller_re", 20_000),
        ("nginx_ingress_controller_ssl", 2_000),
    ];

    private readonly ConcurrentDictionary<(string Meter, string Name), bool> observed = new();

    /// <summary>Whether an instrument says what stands at the moment of asking, and nothing about what it does not say.</summary>
    public bool IsObserved(string meter, string name) => observed.GetValueOrDefault((meter, name));

    /// <summary>The SDK asks this once for each instrument.</summary>
    public MetricStreamConfiguration? Of(Instrument instrument)
    {
        var name = ForeignMeters.Contains(instrument.Meter.Name) ? Foreign.GetValueOrDefault(instrument.Name) : instrument.Name;
        if (name is null)
        {
            return MetricStreamConfiguration.Drop;
        }

        observed[(instrument.Meter.Name, name)] = instrument.IsObservable;
        var advice = (instrument as Histogram<double>)?.Advice?.HistogramBucketBoundaries;
        var limit = Array.Find(OfObjects, entry => name.StartsWith(entry.Start, StringComparison.Ordinal)) is { Most: > 0 and var most } ? most : MostSeries;
        return instrument.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(Histogram<>)
            ? new ExplicitBucketHistogramConfiguration { Name = name, CardinalityLimit = limit, Boundaries = advice?.ToArray() ?? Durations, RecordMinMax = false }
            : new MetricStreamConfiguration { Name = name, CardinalityLimit = limit };
    }
}
