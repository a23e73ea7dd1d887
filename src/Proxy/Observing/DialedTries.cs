using System.Collections.Immutable;
using IngressController.Proxy.Pipeline;

namespace IngressController.Proxy.Observing;

/// <summary>The destinations that one connection or session has tried.</summary>
internal sealed class DialedTries(TimeProvider time)
{
    private long began;

    public UpstreamTry Last { get; private set; } = UpstreamTry.None;

    /// <summary>Those before it.</summary>
    public ImmutableArray<UpstreamTry> Earlier { get; private set; } = [];

    public void Begin(string destination)
    {
        if (Last.Destination.Length > 0)
        {
            Earlier = Earlier.Add(Last);
        }

        (Last, began) = (new(destination, 0, 0, TimeSpan.Zero), time.GetTimestamp());
    }

    /// <summary>The last one could not be reached.</summary>
    public void Failed(Reason reason) => Last = Last with { Time = time.GetElapsedTime(began), Failure = reason.Word() };

    /// <summary>The last one was reached, and all is over now.</summary>
    /// <param name="bytes">To the client.</param>
    public void Ended(long bytes) => Last = Last with { Time = time.GetElapsedTime(began), Bytes = bytes };
}
