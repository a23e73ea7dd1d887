using static IngressController.Routing.Translation.EndpointSelection;

namespace IngressController.Routing.Translation;

/// <summary>
/// kube-proxy's algorithm over all endpoints of the Service: if every one has node hints and one is for this node, only those; else the same by
/// zones; else all. There is no fallback for single endpoints.
/// </summary>
internal static class TopologyHints
{
    public static List<Candidate> Filter(List<Candidate> candidates, string? node, string? zone)
    {
        if (node is not null && candidates.TrueForAll(candidate => !candidate.Endpoint.ForNodes.IsEmpty))
        {
            var here = candidates.FindAll(candidate => candidate.Endpoint.ForNodes.AsSpan().Contains(node));
            if (here.Count > 0)
            {
                return here;
            }
        }

        if (zone is not null && candidates.TrueForAll(candidate => !candidate.Endpoint.ForZones.IsEmpty))
        {
            var here = candidates.FindAll(candidate => candidate.Endpoint.ForZones.AsSpan().Contains(zone));
            if (here.Count > 0)
            {
                return here;
            }
        }

        return candidates;
    }
}
