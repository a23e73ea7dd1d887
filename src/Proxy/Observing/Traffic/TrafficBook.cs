using System.Collections.Concurrent;
using IngressController.Proxy.Backends;
using IngressController.Proxy.Limits;
using IngressController.Routing.Model;
using Microsoft.AspNetCore.Http;

namespace IngressController.Proxy.Observing.Traffic;

/// <summary>All requests of one span of time.</summary>
/// <param name="Time">When the span began; it is <see cref="TrafficBook.PointLength"/> long.</param>
public sealed record TrafficPoint(DateTimeOffset Time, TrafficSum Sum);

/// <summary>
/// What goes over the proxy, for those who look at it: what ended in the last 15 to 30 seconds by route and by destination, and all requests of the last five minutes.
/// Something is known from its first request on and forgotten when it is gone from the configuration. A request costs a few atomic additions; adding up is left to who asks.
/// </summary>
public sealed class TrafficBook
{
    internal const int Slices = 2;
    internal static readonly TimeSpan SliceLength = TimeSpan.FromSeconds(15);

    private const int Points = 150;

    private readonly ConcurrentDictionary<TrafficKey, RouteTraffic> routes = new();
    private readonly ConcurrentDictionary<BackendKey, BackendTraffic> backends = new();
    private readonly SlidingWindow all = new(Points + 2, PointLength); // the one that is being filled, and one that a reader may still be at
    private readonly ConnectionLimits connections;
    private readonly TimeProvider time;
    private readonly DateTimeOffset since;
    private Route? catchAll;

    internal TrafficBook(ConnectionLimits connections, TimeProvider time) => (this.connections, this.time, since) = (connections, time, time.GetUtcNow());

    public static TimeSpan PointLength { get; } = TimeSpan.FromSeconds(2);

    /// <summary>Routes that have had a request, in no order.</summary>
    public IEnumerable<RouteTraffic> Routes => routes.Select(pair => pair.Value);

    /// <summary>Connections of clients that are open, idle ones among them.</summary>
    public int Connections => connections.Current;

    /// <summary>Null where no destination of it has had a request.</summary>
    public BackendTraffic? Find(BackendKey backend) => backends.GetValueOrDefault(backend);

    /// <summary>The last five minutes, oldest first; the span that is not over yet is not among them.</summary>
    public IEnumerable<TrafficPoint> History()
    {
        var now = all.EpochOf(time.GetUtcNow());
        for (var epoch = now - Points; epoch < now; epoch++)
        {
            yield return new(all.Begin(epoch), Sum(epoch, epoch));
        }
    }

    /// <summary>The last span that is over.</summary>
    public TrafficPoint Newest()
    {
        var epoch = all.EpochOf(time.GetUtcNow()) - 1;
        return new(all.Begin(epoch), Sum(epoch, epoch));
    }

    /// <summary>All requests that ended in the last so many spans; the one that is not over yet is not among them.</summary>
    public TrafficSum Last(TimeSpan span)
    {
        var now = all.EpochOf(time.GetUtcNow());
        return Sum(now - (span.Ticks / PointLength.Ticks), now - 1);
    }

    /// <summary>A request to a route begins.</summary>
    internal void Begin(ProxyRoute route) => (route.Traffic ??= Of(route)).Begin();

    /// <param name="route">Null where no route answered; else what <see cref="Begin"/> was called with.</param>
    internal void End(in RequestRecord record, ProxyRoute? route)
    {
        var isCarried = record.Method.Length == 0 || record.Status == StatusCodes.Status101SwitchingProtocols || HttpMethods.IsConnect(record.Method);
        var bucket = isCarried ? TrafficSlice.Untimed : DurationBuckets.Of(record.Duration);
        all.Add(record.Time, record.Status, bucket);
        route?.Traffic?.End(record.Time, record.Status, bucket);
    }

    /// <summary>The destinations of a backend.</summary>
    internal BackendTraffic Of(BackendKey backend) => backends.GetOrAdd(backend, static (_, clock) => new(clock), time);

    /// <summary>Forgets what is not in the model any more. Costs something only where there was traffic.</summary>
    internal void Forget(RoutingChange change)
    {
        foreach (var key in change.Backends)
        {
            if (!change.Model.Backends.ContainsKey(key))
            {
                backends.TryRemove(key, out _);
            }
        }

        var isOfHosts = !change.Hosts.IsEmpty || change.Model.CatchAll != catchAll;
        catchAll = change.Model.CatchAll;
        if (!isOfHosts)
        {
            return;
        }

        foreach (var (key, _) in routes)
        {
            if ((key.Host.IsAny || change.Hosts.Contains(key.Host)) && !IsIn(change.Model, key))
            {
                routes.TryRemove(key, out _);
            }
        }
    }

    private static bool IsIn(RoutingModel model, TrafficKey key)
    {
        var host = model.Hosts.GetValueOrDefault(key.Host);
        return IsOf(host?.Default, key) || IsOf(model.CatchAll, key) || (host?.Routes ?? []).Any(route => IsOf(route, key));
    }

    private static bool IsOf(Route? route, TrafficKey key) =>
        route is not null && (route.Ingress?.ToString() ?? "") == key.Ingress && (route.Backend?.ToString() ?? "") == key.Service;

    private RouteTraffic Of(ProxyRoute route)
    {
        _ = HostName.TryParse(route.Host, out var host);
        return routes.GetOrAdd(new(host, route.Names.IngressKey, route.Names.ServiceKey), static (key, clock) => new(key, clock.GetUtcNow()), time);
    }

    private TrafficSum Sum(long first, long last)
    {
        var sum = new TrafficSum();
        var begin = all.Begin(first);
        sum.Add(all, first, last, all.Begin(last + 1) - (begin > since ? begin : since));
        return sum;
    }
}
