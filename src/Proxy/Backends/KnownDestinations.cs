using Yarp.ReverseProxy.Model;

namespace IngressController.Proxy.Backends;

/// <summary>
/// Destinations that exist already, so that each pod of a Service is one object: its requests are counted together under whatever policy they come, and it is kept once
/// (at 50,000 endpoints, 14 MB for each further policy).
/// </summary>
/// <param name="backends">Where to look, the likeliest first; the others are looked at only for what it does not have.</param>
internal sealed class KnownDestinations(IEnumerable<ProxyBackend> backends)
{
    private readonly Dictionary<string, DestinationState> found = new(StringComparer.OrdinalIgnoreCase);
    private readonly Queue<ProxyBackend> unseen = new(backends);

    /// <returns>Null where nobody has it.</returns>
    public DestinationState? Find(string id)
    {
        DestinationState? state;
        while (!found.TryGetValue(id, out state) && unseen.TryDequeue(out var backend))
        {
            foreach (var destination in backend.Cluster.DestinationsState.AllDestinations)
            {
                found.TryAdd(destination.DestinationId, destination);
            }
        }

        return state;
    }
}
