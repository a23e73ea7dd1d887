namespace IngressController.Proxy.Limits;

/// <summary>A feature of a connection: the requests that come on it, and those under way.</summary>
internal sealed class ConnectionRequests(TimeProvider time)
{
    private int count;
    private int underWay;
    private long lastEnd;

    /// <returns>Which request of the connection it is, from 1.</returns>
    public int Begin()
    {
        Interlocked.Increment(ref underWay);
        return Interlocked.Increment(ref count);
    }

    /// <summary>The answer has been handed over, which does not say that the client has taken it.</summary>
    public void End()
    {
        Volatile.Write(ref lastEnd, time.GetTimestamp());
        Interlocked.Decrement(ref underWay);
    }

    /// <summary>There were requests, and none has been under way for so long. Never where none has come to the pipeline, as on connections that are passed through.</summary>
    public bool AreOverFor(TimeSpan limit) => Volatile.Read(ref underWay) == 0 && Volatile.Read(ref count) > 0 && time.GetElapsedTime(Volatile.Read(ref lastEnd)) >= limit;
}
