using System.Collections.Immutable;
using IngressController.App.Metrics.Otlp;

namespace IngressController.App.Metrics;

/// <summary>How metrics are shown.</summary>
internal sealed record MetricsOptions
{
    /// <summary>How many series of a histogram, or of what is counted per destination and per limit, have values of their own; all others are added up in one that is called "other".</summary>
    public int HistogramSeries { get; init; } = 500;

    /// <summary>After so long without news, the series of an object is forgotten.</summary>
    public TimeSpan IdleAfter { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Requests are counted by the host of their rule, too.</summary>
    public bool Hosts { get; init; }

    /// <summary>Metrics under ingress-nginx's names too.</summary>
    public bool NginxNames { get; init; }

    /// <summary>What ingress-nginx puts on each of its series: who the controller is.</summary>
    public ImmutableArray<KeyValuePair<string, object?>> NginxLabels { get; init; } = [];

    /// <summary>Durations come with the trace of one request for each bucket, to those who ask for OpenMetrics.</summary>
    public bool Exemplars { get; init; }

    /// <summary>Null: metrics are not pushed.</summary>
    public OtlpOptions? Otlp { get; init; }
}
