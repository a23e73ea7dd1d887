using IngressController.Routing.Model;

namespace IngressController.Proxy.Observing.Traffic;

/// <summary>Whose traffic: the routes of one Ingress to one Service under one host, whatever their paths.</summary>
/// <param name="Host">Of the rule.</param>
/// <param name="Ingress">Namespace and name; empty for the route of <c>--default-backend-service</c>.</param>
/// <param name="Service">Namespace, name and port; empty where the route names none.</param>
public readonly record struct TrafficKey(HostName Host, string Ingress, string Service);

/// <summary>What went over some routes lately.</summary>
public sealed class RouteTraffic
{
    private readonly SlidingWindow window = new(TrafficBook.Slices, TrafficBook.SliceLength);
    private readonly DateTimeOffset since;
    private int active;

    internal RouteTraffic(TrafficKey key, DateTimeOffset since) => (Key, this.since) = (key, since);

    public TrafficKey Key { get; }

    /// <summary>Requests under way.</summary>
    public int Active => Math.Max(0, Volatile.Read(ref active));

    public void AddTo(TrafficSum sum, DateTimeOffset now)
    {
        window.AddTo(sum, now, since);
        sum.Active += Active;
    }

    /// <summary>Requests a second; costs less than adding up everything.</summary>
    public double Rate(DateTimeOffset now) => window.Rate(now, since);

    internal void Begin() => Interlocked.Increment(ref active);

    internal void End(DateTimeOffset time, int status, int bucket)
    {
        Interlocked.Decrement(ref active);
        window.Add(time, status, bucket);
    }
}
