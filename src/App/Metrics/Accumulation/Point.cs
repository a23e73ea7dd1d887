using OpenTelemetry.Metrics;

namespace IngressController.App.Metrics.Accumulation;

/// <summary>What the SDK tells of one series in one round.</summary>
internal static class Point
{
    /// <summary>Adds it up, or puts it in the place of what was. A measurement that is no number is not added: it would spoil the sum for ever.</summary>
    /// <param name="isAgain">The series had another in this round: then what stands is the sum of both.</param>
    /// <returns>Whether it is news.</returns>
    public static bool Take(Series series, MetricType type, in MetricPoint point, bool isAgain)
    {
        switch (type)
        {
            case MetricType.LongSum:
                series.Value += point.GetSumLong();
                return true;
            case MetricType.DoubleSum:
                series.Value += Finite(point.GetSumDouble());
                return true;
            case MetricType.Histogram:
                Add(series.Distribution ??= new(Buckets(point)), point);
                return true;
            default:
                var value = Standing(type, point) + (isAgain ? series.Value : 0);
                var isNews = !value.Equals(series.Value);
                series.Value = value;
                return isNews;
        }
    }

    private static double Standing(MetricType type, in MetricPoint point) => type switch
    {
        MetricType.LongGauge => point.GetGaugeLastValueLong(),
        MetricType.DoubleGauge => point.GetGaugeLastValueDouble(),
        MetricType.LongSumNonMonotonic => point.GetSumLong(),
        _ => point.GetSumDouble(),
    };

    private static int Buckets(in MetricPoint point)
    {
        var number = 0;
        for (var buckets = point.GetHistogramBuckets().GetEnumerator(); buckets.MoveNext();)
        {
            number++;
        }

        return number;
    }

    private static void Add(Distribution all, in MetricPoint point)
    {
        all.Sum += Finite(point.GetHistogramSum());
        all.Count += point.GetHistogramCount();
        var index = 0;
        Span<double> bounds = stackalloc double[all.Buckets.Length];
        foreach (var bucket in point.GetHistogramBuckets())
        {
            bounds[index] = bucket.ExplicitBound;
            all.Buckets[index++] += bucket.BucketCount;
        }

        if (point.TryGetExemplars(out var exemplars))
        {
            Keep(all, exemplars, bounds);
        }
    }

    private static void Keep(Distribution all, in ReadOnlyExemplarCollection exemplars, ReadOnlySpan<double> bounds)
    {
        foreach (ref readonly var exemplar in exemplars)
        {
            if (exemplar.TraceId != default && double.IsFinite(exemplar.DoubleValue))
            {
                var bucket = bounds.BinarySearch(exemplar.DoubleValue);
                all.Exemplars ??= new Exemplar?[bounds.Length];
                all.Exemplars[bucket < 0 ? ~bucket : bucket] = new(exemplar.TraceId.ToHexString(), exemplar.SpanId.ToHexString(), exemplar.DoubleValue, exemplar.Timestamp);
            }
        }
    }

    private static double Finite(double value) => double.IsFinite(value) ? value : 0;
}
