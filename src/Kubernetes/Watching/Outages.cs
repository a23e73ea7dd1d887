namespace IngressController.Kubernetes.Watching;

/// <summary>How often the API server was away. What one reflector sees concerns all: a server that comes back may have another history. Thread-safe.</summary>
internal sealed class Outages
{
    private int count;

    public int Count => Volatile.Read(ref count);

    public void Begin() => Interlocked.Increment(ref count);
}
