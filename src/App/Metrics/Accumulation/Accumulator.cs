using IngressController.App.Metrics.Text;
using OpenTelemetry.Metrics;

namespace IngressController.App.Metrics.Accumulation;

/// <summary>
/// Adds up what the SDK tells, round after round: of counters and histograms what happened since the round before, of everything else what stands. Not for more
/// than one thread at a time.
/// </summary>
internal sealed class Accumulator(MetricsOptions options, MetricViews views, TimeProvider time)
{
    /// <summary>Beside histograms, the instruments of which a big cluster would have too many series.</summary>
    private static readonly string[] OfFew = ["ingress.destination.", "ingress.limit.hits"];

    /// <summary>Counters under ingress-nginx's names have the path and the method too; there may be so many for each histogram.</summary>
    private const int ForeignCounters = 20;

    private readonly SortedDictionary<string, Family> families = new(StringComparer.Ordinal);
    private readonly Dictionary<Metric, Family?> known = [];
    private readonly Labels labels = new();
    private long round;
    private DateTimeOffset now;

    /// <summary>By name.</summary>
    public IReadOnlyCollection<Family> Families => families.Values;

    /// <summary>Before the SDK tells.</summary>
    public void Begin()
    {
        round++;
        now = time.GetUtcNow();
    }

    public void Add(Metric metric)
    {
        if (!known.TryGetValue(metric, out var family))
        {
            known[metric] = family = FamilyOf(metric);
        }

        if (family is null)
        {
            return;
        }

        foreach (ref readonly var point in metric.GetMetricPoints())
        {
            labels.Read(point.Tags, family.IsNamedByUs ? [] : options.NginxLabels);
            var series = family.Find(labels);
            if (Point.Take(series, metric.MetricType, point, isAgain: series.Round == round))
            {
                series.At = now;
            }

            series.Round = round;
        }
    }

    /// <summary>After the SDK has told.</summary>
    public void End()
    {
        foreach (var family in families.Values)
        {
            family.Expire(round, now - options.IdleAfter);
        }
    }

    /// <returns>Null where another instrument of another kind has the name already, or the kind is none of ours: it is not shown.</returns>
    private Family? FamilyOf(Metric metric)
    {
        if (KindOf(metric.MetricType) is not { } kind)
        {
            return null;
        }

        var isForeign = metric.MeterName == NginxNames.MeterName;
        var name = isForeign ? new(metric.Name, "") : MetricName.Of(metric.Name, metric.Unit, kind == FamilyKind.Counter, kind == FamilyKind.Gauge);
        if (families.TryGetValue(name.Family, out var there))
        {
            return there.Kind == kind && kind != FamilyKind.Histogram ? there : null;
        }

        var isCapped = kind == FamilyKind.Histogram || OfFew.Any(start => metric.Name.StartsWith(start, StringComparison.Ordinal));
        var most = isCapped ? options.HistogramSeries : isForeign ? (int?)options.HistogramSeries * ForeignCounters : null;
        return families[name.Family] = new(
            name, kind, metric.Description, kind == FamilyKind.Histogram ? BoundsOf(metric) : [], most, views.IsObserved(metric.MeterName, metric.Name) && kind == FamilyKind.Gauge, !isForeign);
    }

    private static FamilyKind? KindOf(MetricType type) => type switch
    {
        MetricType.LongSum or MetricType.DoubleSum => FamilyKind.Counter,
        MetricType.LongGauge or MetricType.DoubleGauge or MetricType.LongSumNonMonotonic or MetricType.DoubleSumNonMonotonic => FamilyKind.Gauge,
        MetricType.Histogram => FamilyKind.Histogram,
        _ => null,
    };

    private static double[] BoundsOf(Metric metric)
    {
        var bounds = new List<double>();
        foreach (ref readonly var point in metric.GetMetricPoints())
        {
            foreach (var bucket in point.GetHistogramBuckets())
            {
                bounds.Add(bucket.ExplicitBound);
            }

            break;
        }

        return [.. bounds.Take(bounds.Count - 1)]; // the last is infinite
    }
}
