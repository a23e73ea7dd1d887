using System.Collections.Immutable;
using IngressController.Cluster;
using IngressController.Proxy.Backends;
using IngressController.Proxy.Balancing;
using IngressController.Proxy.Clients;
using IngressController.Proxy.Forwarding;
using IngressController.Proxy.Observing.Traffic;
using IngressController.Proxy.Pipeline;
using IngressController.Routing.Matching;
using IngressController.Routing.Model;
using Microsoft.Extensions.Logging;

namespace IngressController.Proxy;

/// <summary>What requests are carried by. Changed by one writer, read by all requests; a request keeps what it has read.</summary>
public sealed class DataPlane : IDisposable
{
    private readonly BalancingPolicies policies;
    private readonly UpstreamClients clients;
    private readonly TrafficBook traffic;
    private readonly TimeProvider time;
    private readonly ILogger<DataPlane> logger;
    private readonly LiveBackends backends = new();
    private RoutingModel applied = RoutingModel.Empty;
    private volatile bool isServing;
    private readonly CancellationTokenSource cut = new();
    private readonly HostGuards guards;
    private volatile ServingTables tables = ServingTables.Empty;

    internal DataPlane(BalancingPolicies policies, UpstreamClients clients, TrafficBook traffic, TimeProvider time, ILogger<DataPlane> logger) =>
        (this.policies, this.clients, this.traffic, this.time, this.logger, guards, Cut) = (policies, clients, traffic, time, logger, new(logger), cut.Token);

    internal ServingTables Tables => tables;

    /// <summary>Hosts whose connections are passed through as they are.</summary>
    internal PassthroughTable Passthroughs { get; } = new();

    /// <summary>All that are served at the moment.</summary>
    internal IEnumerable<ProxyBackend> Backends => backends.All;

    /// <summary>Before <see cref="BeginServing"/> every request is answered 503: "not found" would be a lie that clients and caches remember.</summary>
    internal bool IsServing => isServing;

    internal bool IsCuttingOff => cut.IsCancellationRequested;

    /// <summary>Ends what Kestrel does not know of, once the grace period is over.</summary>
    internal CancellationToken Cut { get; }

    /// <summary>From now on requests that break off do so because of the shutdown, not because of their clients.</summary>
    public void BeginCuttingOff() => cut.Cancel();

    public void Dispose() => cut.Dispose();

    /// <summary>The first whole configuration has been applied. May be called again.</summary>
    public void BeginServing() => isServing = true;

    /// <summary>
    /// Makes a change live; when it returns, new requests follow it. Two speeds: a change of destinations alone touches only those backends; a change of
    /// hosts makes the routes of those hosts anew. Call it from one task only. It does not throw for what objects say: what cannot be applied is
    /// logged, answers 503 or stays as it was, and the rest is applied.
    /// </summary>
    public void Apply(RoutingChange change)
    {
        var reshaped = ApplyBackends(change);
        var hosts = reshaped.Count == 0 ? change.Hosts : change.Hosts.Union(HostsNaming(reshaped, change.Model));
        var isRerouted = !hosts.IsEmpty || change.Model.CatchAll != applied.CatchAll || NamesAny(change.Model.CatchAll, reshaped);
        if (isRerouted || !change.Tls.IsEmpty)
        {
            tables = new(
                isRerouted ? tables.Routes.With(change with { Hosts = hosts }, Compile) : tables.Routes,
                tables.Tls.With(change.Tls, change.Model),
                guards.Apply(change));
        }

        Passthroughs.Apply(change, reshaped.Count > 0, backends.Find);
        Release(change);
        traffic.Forget(change);
        applied = change.Model;
    }

    /// <returns>Backends that were there before and are now another object, so that all their routes must be made anew.</returns>
    private HashSet<BackendKey> ApplyBackends(RoutingChange change)
    {
        var reshaped = new HashSet<BackendKey>();
        foreach (var key in change.Backends)
        {
            try
            {
                if (change.Model.Backends.TryGetValue(key, out var backend) && !UpdateOrCreate(backend) && applied.Backends.ContainsKey(key))
                {
                    reshaped.Add(key);
                }
            }
            catch (Exception e)
            {
                Log.BackendNotApplied(logger, key.ToString(), e);
            }
        }

        return reshaped;
    }

    /// <returns>Whether it could be updated in place.</returns>
    private bool UpdateOrCreate(Backend backend)
    {
        var shape = UpstreamShape.Of(backend);
        var (known, ofService) = (backends.Find(backend.Key), backends.OfService(backend.Key.Service));
        if (known is not null && (known.Shape == shape || backend.Destinations.IsEmpty))
        {
            known.Update(backend, ofService, logger);
            return true;
        }

        var setting = shape.Setting(backend.Key.Policy);
        var fresh = new ProxyBackend(backend, shape, setting, policies.For(backend.Key.Policy.Balancing), clients.Take(setting), traffic, time);
        fresh.Update(backend, ofService, logger);
        backends.Set(backend.Key, fresh);
        if (known is not null)
        {
            clients.GiveBack(known.Setting);
        }

        return false;
    }

    private ProxyRoute Compile(Route route)
    {
        try
        {
            return route.Refusal is { } refusal ? new(route, null, Reasons.Of(refusal))
                : route.Backend is { } key && backends.Find(key) is { } backend ? new(route, backend, Reason.None)
                : new(route, null, Reason.BackendUnusable);
        }
        catch (Exception e)
        {
            Log.RouteNotApplied(logger, $"{route.Ingress} {route.Field}", e);
            return new(route, null, Reason.BackendUnusable);
        }
    }

    /// <summary>Only after the table is published that no longer names them.</summary>
    private void Release(RoutingChange change)
    {
        foreach (var key in change.Backends)
        {
            if (!change.Model.Backends.ContainsKey(key) && backends.Remove(key) is { } gone)
            {
                clients.GiveBack(gone.Setting);
            }
        }
    }

    /// <summary>Rare (a Service's appProtocol or type changed, or a Secret for TLS to it), so looking through all routes costs less than an index kept up to date.</summary>
    private static IEnumerable<HostName> HostsNaming(HashSet<BackendKey> keys, RoutingModel model) =>
        from host in model.Hosts.Values
        where NamesAny(host.Default, keys) || host.Routes.Any(route => NamesAny(route, keys))
        select host.Host;

    private static bool NamesAny(Route? route, HashSet<BackendKey> keys) => route?.Backend is { } key && keys.Contains(key);
}
