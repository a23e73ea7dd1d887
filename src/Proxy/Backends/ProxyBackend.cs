using System.Net;
using IngressController.Cluster;
using IngressController.Proxy.Balancing;
using IngressController.Proxy.Forwarding;
using IngressController.Proxy.Observing.Traffic;
using IngressController.Proxy.Pipeline;
using IngressController.Routing.Model;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.LoadBalancing;
using Yarp.ReverseProxy.Model;

namespace IngressController.Proxy.Backends;

/// <summary>
/// A backend with YARP's state of it. All routes to the backend share one. Destinations are replaced in place; one that stays is the same object, so
/// its count of requests (and later its health) survives, and requests under way to one that goes keep it until they end. Backends on one Service share them.
/// </summary>
internal sealed class ProxyBackend
{
    private readonly ILoadBalancingPolicy policy;
    private readonly TrafficBook book;
    private readonly TimeProvider time;
    private volatile Backend current;

    /// <summary>Known from the first request on.</summary>
    private BackendTraffic? traffic;

    /// <summary>Made when the Service first asks for it: most never do.</summary>
    private ClientAffinity<DestinationState>? affinity;

    /// <param name="client">Of the <paramref name="setting"/>.</param>
    public ProxyBackend(
        Backend backend, UpstreamShape shape, UpstreamSetting setting, ILoadBalancingPolicy policy, HttpMessageInvoker client, TrafficBook book, TimeProvider time)
    {
        (current, this.policy, Shape, Setting, this.book, this.time) = (backend, policy, shape, setting, book, time);
        Names = RouteNames.Of(null, backend.Key);
        var config = new ClusterConfig
        {
            ClusterId = Names.ServiceKey,
            LoadBalancingPolicy = policy.Name,
            HttpRequest = shape.RequestConfig(backend.Key.Policy.IdleTimeout),
        };
        Cluster = new ClusterState(config.ClusterId, new ClusterModel(config, client));
        Internals.ForgetUnusedDestinations(Cluster);
    }

    public ClusterState Cluster { get; }

    /// <summary>Namespace and Service, and some Ingress that leads here.</summary>
    public RouteNames Names { get; private set; }

    public UpstreamShape Shape { get; }

    public UpstreamPolicy Policy => current.Key.Policy;

    public EquatableArray<PassedOverEndpoint> PassedOver => current.PassedOver;

    public UpstreamSetting Setting { get; }

    public BackendTraffic Traffic => traffic ??= book.Of(current.Key);

    /// <summary>Why there is no destination to pick.</summary>
    public Reason WhyNone => current.Trouble is { } trouble ? Reasons.Of(trouble.Code) : Reason.NoEndpoints;

    /// <summary>Routes of one Ingress mostly share them. Of two that ask at once one may get its own, which say the same.</summary>
    public RouteNames NamesFor(NamespacedName? ingress) => Names = Names.With(ingress);

    /// <summary>Takes over addresses, affinity and trouble. For the single writer only.</summary>
    /// <param name="ofService">The backends on the same Service, this one among them or not.</param>
    public void Update(Backend backend, IEnumerable<ProxyBackend> ofService, ILogger logger)
    {
        var before = Cluster.DestinationsState.AllDestinations;
        var known = new KnownDestinations(ofService.Where(other => other != this && other.Shape.Scheme == Shape.Scheme).Prepend(this));
        var after = new List<DestinationState>(backend.Destinations.Count);
        var ids = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var destination in backend.Destinations)
        {
            var id = destination.ToString();
            if (!ids.Add(id))
            {
                continue;
            }

            if ((known.Find(id) ?? Create(id, destination)) is { } state)
            {
                after.Add(state);
            }
            else
            {
                Log.DestinationUnusable(logger, Cluster.ClusterId, id);
            }
        }

        if (backend.ClientIPAffinity is not null)
        {
            affinity ??= new(time, static destination => destination.DestinationId);
        }

        current = backend;
        (traffic ?? book.Find(backend.Key))?.Keep(ids);
        (policy as SmoothRoundRobin)?.Continue(before, after);
        Cluster.DestinationsState = new ClusterDestinationsState(after, after); // one volatile write publishes all of it
    }

    /// <summary>The destination for a request, none of those already tried; null where there is none (left).</summary>
    public DestinationState? Pick(HttpContext context, IPAddress client, DestinationState[] tried)
    {
        var available = Cluster.DestinationsState.AvailableDestinations;
        if (tried.Length > 0)
        {
            available = Without(available, tried);
        }

        return available.Count switch
        {
            0 => null,
            1 => available[0],
            _ when current.ClientIPAffinity is { } timeout => affinity!.Pick(client, available, timeout),
            _ => policy.PickDestination(context, Cluster, available),
        };
    }

    private DestinationState? Create(string id, Destination destination)
    {
        var address = $"{Shape.Scheme}://{id}";
        return Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Port == destination.Port && uri.PathAndQuery == "/"
            ? new DestinationState(id, new DestinationModel(new DestinationConfig { Address = address }))
            : null;
    }

    private static List<DestinationState> Without(IReadOnlyList<DestinationState> all, DestinationState[] tried)
    {
        var rest = new List<DestinationState>(all.Count);
        foreach (var destination in all)
        {
            if (Array.IndexOf(tried, destination) < 0)
            {
                rest.Add(destination);
            }
        }

        return rest;
    }
}
