namespace IngressController.Proxy.Limits;

/// <summary>A feature of a connection: the requests that come on it, and those under way.</summary>
internal sealed class ConnectionRequests(TimeProvider time)
{
    private int count;
    private int underWay;
    private long idleSince;

    /// <summary>From now on requests can come.</summary>
    public void Await() => Volatile.Write(ref idleSince, time.GetTimestamp());

    /// <returns>Which request of the connection it is, from 1.</returns>
    public int Begin()
    {
        Interlocked.Increment(ref underWay);
        return Interlocked.Increment(ref count);
    }

    /// <summary>The answer has been handed over, which does not say that the client has taken it.</summary>
    public void End()
    {
        Volatile.Write(ref idleSince, time.GetTimestamp());
        Interlocked.Decrement(ref underWay);
    }

    /// <summary>No request has been under way for so long, while one could have come.</summary>
    public bool AreOverFor(TimeSpan limit) => Volatile.Read(ref underWay) == 0 && time.GetElapsedTime(Volatile.Read(ref idleSince)) >= limit;
}
