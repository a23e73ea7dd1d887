using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.LoadBalancing;
using Yarp.ReverseProxy.Model;

namespace IngressController.Proxy.Balancing;

/// <summary>Round robin for one backend. YARP's own counts over an unordered list, so that its turns jump whenever a destination comes or goes.</summary>
internal sealed class SmoothRoundRobin : ILoadBalancingPolicy
{
    private readonly Turn turn = new();

    public string Name => nameof(SmoothRoundRobin);

    public DestinationState? PickDestination(HttpContext context, ClusterState cluster, IReadOnlyList<DestinationState> availableDestinations) =>
        availableDestinations.Count == 0 ? null : availableDestinations[turn.Next(availableDestinations.Count)];

    public void Continue(IReadOnlyList<DestinationState> before, IReadOnlyList<DestinationState> after) => turn.Continue(before, after);
}
