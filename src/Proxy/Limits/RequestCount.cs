namespace IngressController.Proxy.Limits;

/// <summary>A feature of a connection: how many requests have come on it.</summary>
internal sealed class RequestCount
{
    private int count;

    public int Next() => Interlocked.Increment(ref count);
}
