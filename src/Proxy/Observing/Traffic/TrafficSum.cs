namespace IngressController.Proxy.Observing.Traffic;

/// <summary>What several routes or destinations did lately, added up. For one reader.</summary>
public sealed class TrafficSum
{
    private static readonly TimeSpan ShortestTime = TimeSpan.FromSeconds(1);

    private readonly long[] buckets = new long[DurationBuckets.Count];
    private long timed;

    /// <summary>Requests a second.</summary>
    public double Requests { get; private set; }

    /// <summary>Those answered 4xx, a second.</summary>
    public double ClientErrors { get; private set; }

    /// <summary>Those answered 5xx, a second.</summary>
    public double ServerErrors { get; private set; }

    /// <summary>Of tries with destinations, those that got no whole answer, a second.</summary>
    public double Failures { get; private set; }

    /// <summary>Requests under way.</summary>
    public int Active { get; internal set; }

    /// <summary>The duration in milliseconds that half of the requests did not exceed; null without requests. Wrong by at most an eighth.</summary>
    public double? P50 => Quantile(0.5);

    /// <summary>As <see cref="P50"/>, of 99 in 100.</summary>
    public double? P99 => Quantile(0.99);

    /// <param name="time">For how long was counted in these slices.</param>
    internal void Add(SlidingWindow window, long first, long last, TimeSpan time)
    {
        var (requests, clientErrors, serverErrors, failures) = (0L, 0L, 0L, 0L);
        for (var epoch = first; epoch <= last; epoch++)
        {
            if (window.Find(epoch) is { } slice)
            {
                clientErrors += slice.ClientErrors;
                serverErrors += slice.ServerErrors;
                failures += slice.Failures;
                requests += Add(slice.Buckets);
            }
        }

        var seconds = Seconds(time);
        Requests += requests / seconds;
        ClientErrors += clientErrors / seconds;
        ServerErrors += serverErrors / seconds;
        Failures += failures / seconds;
    }

    /// <summary>What is known for a moment only says nothing yet about a second.</summary>
    internal static double Seconds(TimeSpan time) => (time > ShortestTime ? time : ShortestTime).TotalSeconds;

    private long Add(ReadOnlySpan<int> counts)
    {
        var sum = 0L;
        for (var bucket = 0; bucket < buckets.Length; bucket++)
        {
            buckets[bucket] += counts[bucket];
            sum += counts[bucket];
        }

        timed += sum;
        return sum + counts[TrafficSlice.Untimed];
    }

    private double? Quantile(double share)
    {
        var left = (long)Math.Ceiling(timed * share);
        for (var bucket = 0; left > 0; bucket++)
        {
            left -= buckets[bucket];
            if (left <= 0)
            {
                return DurationBuckets.Middle(bucket);
            }
        }

        return null;
    }
}
