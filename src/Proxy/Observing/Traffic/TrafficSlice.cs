using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;

namespace IngressController.Proxy.Observing.Traffic;

/// <summary>What ended within one span of time. Counted up by many at once, read by anybody.</summary>
/// <param name="epoch">Which span: the number of such spans since the year 1.</param>
internal sealed class TrafficSlice(long epoch)
{
    /// <summary>The bucket of those whose duration says nothing about speed: connections that were carried as they are.</summary>
    public const int Untimed = DurationBuckets.Count;

    private Counts counts;
    private int clientErrors;
    private int serverErrors;
    private int failures;

    public long Epoch => epoch;

    public int ClientErrors => Volatile.Read(ref clientErrors);

    public int ServerErrors => Volatile.Read(ref serverErrors);

    /// <summary>Tries that got no whole answer from a destination.</summary>
    public int Failures => Volatile.Read(ref failures);

    public long Requests
    {
        get
        {
            var sum = 0L;
            foreach (var count in Buckets)
            {
                sum += count;
            }

            return sum;
        }
    }

    /// <summary>A request counts in exactly one bucket.</summary>
    public ReadOnlySpan<int> Buckets => counts;

    public void Add(int status, int bucket)
    {
        Interlocked.Increment(ref counts[bucket]);
        if (status >= StatusCodes.Status500InternalServerError)
        {
            Interlocked.Increment(ref serverErrors);
        }
        else if (status >= StatusCodes.Status400BadRequest)
        {
            Interlocked.Increment(ref clientErrors);
        }
    }

    public void Fail()
    {
        Add(StatusCodes.Status502BadGateway, Untimed);
        Interlocked.Increment(ref failures);
    }

    [InlineArray(DurationBuckets.Count + 1)]
    private struct Counts
    {
        private int first;
    }
}
