using IngressController.Cluster;
using IngressController.Cluster.Resources;
using IngressController.Routing.Model;

namespace IngressController.Routing.Translation;

/// <summary>Why an endpoint of a Service gets no requests.</summary>
public enum PassedOverReason
{
    NotReady,
    Terminating,

    /// <summary>It is ready, and its topology hints say that it is for other nodes or zones.</summary>
    Elsewhere,
}

/// <summary>An endpoint with a backend's port that is not among its destinations.</summary>
public readonly record struct PassedOver(Destination Destination, string? Zone, PassedOverReason Why)
{
    /// <summary>In the order of their addresses. Of a dual-stack Service only one family, since the other one has the same pods.</summary>
    /// <param name="snapshot">What the backend was made from.</param>
    public static IReadOnlyList<PassedOver> Of(Backend backend, ClusterSnapshot snapshot)
    {
        if (!snapshot.Services.TryGetValue(backend.Key.Service, out var service) || BackendResolver.FindPort(service, backend.Key.Port) is not { } port)
        {
            return [];
        }

        var slices = snapshot.SlicesByService.GetValueOrDefault(backend.Key.Service)?.Values ?? [];
        var candidates = EndpointSelection.Candidates(slices, port, []);
        var used = ((IEnumerable<Destination>)backend.Destinations).ToHashSet();
        var family = candidates.Find(candidate => used.Contains(candidate.Destination))?.Family ?? EndpointSelection.FirstFamily(service);
        var preferred = candidates.FindAll(candidate => candidate.Family == family);
        return
        [
            .. (preferred.Count > 0 ? preferred : candidates)
                .Where(candidate => !used.Contains(candidate.Destination))
                .DistinctBy(candidate => candidate.Destination)
                .OrderBy(candidate => candidate.Destination.ToString(), StringComparer.Ordinal)
                .Select(candidate => new PassedOver(candidate.Destination, candidate.Endpoint.Zone, Reason(candidate.Endpoint))),
        ];
    }

    private static PassedOverReason Reason(Endpoint endpoint) =>
        endpoint.Terminating ? PassedOverReason.Terminating : endpoint.Ready ? PassedOverReason.Elsewhere : PassedOverReason.NotReady;
}
