using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.LoadBalancing;
using Yarp.ReverseProxy.Model;

namespace IngressController.Proxy.Balancing;

/// <summary>
/// Round robin for one backend that stays even while destinations come and go: the turn stays with the destination that would have been next, where a
/// bare counter modulo the new count would jump. It begins at a random place, or every replica would begin with the same pod.
/// </summary>
internal sealed class SmoothRoundRobin : ILoadBalancingPolicy
{
    private int turn = Random.Shared.Next();

    public string Name => nameof(SmoothRoundRobin);

    public DestinationState? PickDestination(HttpContext context, ClusterState cluster, IReadOnlyList<DestinationState> availableDestinations) =>
        Pick(availableDestinations);

    public DestinationState? Pick(IReadOnlyList<DestinationState> destinations) =>
        destinations.Count == 0 ? null : destinations[Index(Interlocked.Increment(ref turn) - 1, destinations.Count)];

    /// <summary>Called by the single writer just before the new destinations are published.</summary>
    public void Continue(IReadOnlyList<DestinationState> before, IReadOnlyList<DestinationState> after)
    {
        if (before.Count == 0 || after.Count == 0)
        {
            return;
        }

        var position = Index(Volatile.Read(ref turn), before.Count);
        for (var step = 0; step < before.Count; step++)
        {
            var heir = IndexOf(after, before[(position + step) % before.Count]);
            if (heir >= 0)
            {
                Volatile.Write(ref turn, heir);
                return;
            }
        }
    }

    private static int Index(int turn, int count) => (int)((uint)turn % (uint)count);

    private static int IndexOf(IReadOnlyList<DestinationState> destinations, DestinationState wanted)
    {
        for (var index = 0; index < destinations.Count; index++)
        {
            if (ReferenceEquals(destinations[index], wanted))
            {
                return index;
            }
        }

        return -1;
    }
}
