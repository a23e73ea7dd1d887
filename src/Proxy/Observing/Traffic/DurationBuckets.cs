using System.Numerics;

namespace IngressController.Proxy.Observing.Traffic;

/// <summary>
/// Durations by their size: four buckets to each doubling, up to 107 s. What is said of a bucket is its middle, so it is wrong by at most an eighth, and below 0.2 ms by
/// at most 0.03 ms; what took longer than 107 s is said to have taken 101 s.
/// </summary>
internal static class DurationBuckets
{
    public const int Count = 80;

    private const int UnitBits = 9; // 512 ticks: 51.2 µs
    private const int Parts = 4;
    private const double UnitMilliseconds = (1 << UnitBits) / (double)TimeSpan.TicksPerMillisecond;

    public static int Of(TimeSpan duration)
    {
        var units = (ulong)Math.Max(duration.Ticks, 0) >> UnitBits;
        if (units < Parts)
        {
            return (int)units;
        }

        var doubling = BitOperations.Log2(units);
        return Math.Min(((doubling - 1) * Parts) + (int)((units >> (doubling - 2)) & (Parts - 1)), Count - 1);
    }

    /// <summary>The middle of a bucket, in milliseconds.</summary>
    public static double Middle(int bucket)
    {
        if (bucket < Parts)
        {
            return (bucket + 0.5) * UnitMilliseconds;
        }

        var width = 1L << ((bucket / Parts) - 1);
        return ((((bucket % Parts) + Parts) * width) + (width / 2.0)) * UnitMilliseconds;
    }
}
