using IngressController.Proxy.Forwarding;
using IngressController.Proxy.Pipeline;
using Microsoft.AspNetCore.Http;

namespace IngressController.Proxy.Observing.Traffic;

/// <summary>What one destination did lately, and since the first request to it.</summary>
public sealed class DestinationTraffic
{
    private readonly SlidingWindow window = new(TrafficBook.Slices, TrafficBook.SliceLength);
    private readonly DateTimeOffset since;
    private int active;
    private long requests;
    private long failures;
    private volatile string? lastFailure;

    internal DestinationTraffic(DateTimeOffset since) => this.since = since;

    /// <summary>Requests under way.</summary>
    public int Active => Math.Max(0, Volatile.Read(ref active));

    /// <summary>Tries to have a request answered; those under way are not among them.</summary>
    public long Requests => Interlocked.Read(ref requests);

    /// <summary>Those of them that got no answer, or not all of it, by the destination's fault.</summary>
    public long Failures => Interlocked.Read(ref failures);

    /// <summary>The reason's word of the last failure; null where there was none.</summary>
    public string? LastFailure => lastFailure;

    /// <summary>A failure is a server error too, and says nothing about durations.</summary>
    public void AddTo(TrafficSum sum, DateTimeOffset now)
    {
        window.AddTo(sum, now, since);
        sum.Active += Active;
    }

    internal void Begin() => Interlocked.Increment(ref active);

    /// <param name="failure">Null where the answer was carried.</param>
    internal void End(DateTimeOffset time, in UpstreamTry attempt, Failure? failure)
    {
        Interlocked.Decrement(ref active);
        Interlocked.Increment(ref requests);
        if (failure is { IsOfDestination: true } its)
        {
            Interlocked.Increment(ref failures);
            lastFailure = its.Reason.Word();
            window.Fail(time);
            return;
        }

        var isTimed = failure is null && attempt.Status != StatusCodes.Status101SwitchingProtocols;
        window.Add(time, attempt.Status, isTimed ? DurationBuckets.Of(attempt.Time) : TrafficSlice.Untimed);
    }
}
