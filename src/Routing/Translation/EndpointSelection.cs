using System.Net;
using IngressController.Cluster;
using IngressController.Cluster.Resources;
using IngressController.Routing.Model;

namespace IngressController.Routing.Translation;

/// <summary>Which endpoints of a Service's slices are destinations (reference: Ingress semantics 2.8 and 2.9).</summary>
internal static class EndpointSelection
{
    /// <param name="WhyNone">A sentence for the case that there is no destination.</param>
    public readonly record struct Selection(EquatableArray<Destination> Destinations, EquatableArray<PassedOverEndpoint> PassedOver, string WhyNone);

    public static Selection Select(Service service, ServicePort port, IEnumerable<EndpointSlice> slices, TranslationOptions options, List<BackendTrouble> warnings)
    {
        var candidates = Candidates(slices, port, warnings);
        var usable = PreferredFamily(service, candidates);
        var local = TopologyHints.Filter(usable, options.NodeName, options.Zone);
        return new(
            local.Select(candidate => candidate.Destination).Distinct().OrderBy(destination => destination.ToString(), StringComparer.Ordinal).ToEquatableArray(),
            local.Count == candidates.Count ? [] : PassedOver(service, candidates, local),
            WhyNone(service, port, slices.Count(), slices.Sum(slice => slice.Endpoints.Count), candidates.Count));
    }

    /// <summary>An endpoint with the port that is wanted.</summary>
    internal sealed record Candidate(Destination Destination, AddressType Family, Endpoint Endpoint);

    /// <summary>All endpoints with the port, ready or not.</summary>
    private static List<Candidate> Candidates(IEnumerable<EndpointSlice> slices, ServicePort port, List<BackendTrouble> warnings)
    {
        var candidates = new List<Candidate>();
        foreach (var slice in slices)
        {
            if (slice.AddressType == AddressType.Fqdn)
            {
                warnings.Add(Unusable(slice, "has addresses of type FQDN, which have no meaning for a proxy"));
            }
            else
            {
                AddCandidates(candidates, slice, port, warnings);
            }
        }

        return candidates;
    }

    /// <summary>The family whose endpoints are taken where there are some.</summary>
    private static AddressType FirstFamily(Service service) => service.IPFamilies.IsEmpty ? AddressType.IPv4 : service.IPFamilies[0];

    /// <summary>The slice's port is found by the name of the Service port; its number may differ from slice to slice.</summary>
    private static void AddCandidates(List<Candidate> candidates, EndpointSlice slice, ServicePort port, List<BackendTrouble> warnings)
    {
        foreach (var slicePort in slice.Ports)
        {
            if (slicePort.Name != port.Name || slicePort.Protocol != port.Protocol || slicePort.Port is not { } number)
            {
                continue;
            }

            if (number is < 1 or > ushort.MaxValue)
            {
                warnings.Add(Unusable(slice, $"has the port {number}, which is none"));
                continue;
            }

            foreach (var endpoint in slice.Endpoints)
            {
                if (IPAddress.TryParse(endpoint.Address, out var address))
                {
                    candidates.Add(new(new(Normal(endpoint.Address, address), number), slice.AddressType, endpoint));
                }
                else
                {
                    warnings.Add(Unusable(slice, $"has the endpoint \"{endpoint.Address}\", which is not an IP address"));
                }
            }
        }
    }

    /// <summary>Nearly always the text itself, which then is kept once.</summary>
    private static string Normal(string text, IPAddress address) => address.ToString() is var normal && normal == text ? text : normal;

    /// <summary>Dual-stack Services list every pod twice, once in each family: one family is taken, the Service's first one where it has endpoints.</summary>
    private static List<Candidate> PreferredFamily(Service service, List<Candidate> candidates)
    {
        var first = FirstFamily(service);
        var preferred = Serving(candidates.FindAll(candidate => candidate.Family == first));
        return preferred.Count > 0 ? preferred : Serving(candidates.FindAll(candidate => candidate.Family != first));
    }

    /// <summary>The ready ones; where there are none, those that still serve while they terminate, as kube-proxy does: the last pod of a rollout.</summary>
    private static List<Candidate> Serving(List<Candidate> candidates)
    {
        var ready = candidates.FindAll(candidate => candidate.Endpoint.Ready);
        return ready.Count > 0 ? ready : candidates.FindAll(candidate => candidate.Endpoint is { Serving: true, Terminating: true });
    }

    /// <summary>Those that are no destinations, of the family that is.</summary>
    private static EquatableArray<PassedOverEndpoint> PassedOver(Service service, List<Candidate> candidates, IReadOnlyCollection<Candidate> chosen)
    {
        var used = chosen.Select(candidate => candidate.Destination).ToHashSet();
        var family = chosen.FirstOrDefault()?.Family ?? FirstFamily(service);
        var preferred = candidates.FindAll(candidate => candidate.Family == family);
        return (preferred.Count > 0 ? preferred : candidates)
            .Where(candidate => !used.Contains(candidate.Destination))
            .DistinctBy(candidate => candidate.Destination)
            .OrderBy(candidate => candidate.Destination.ToString(), StringComparer.Ordinal)
            .Select(candidate => new PassedOverEndpoint(candidate.Destination, candidate.Endpoint.Zone, WhyNot(candidate.Endpoint)))
            .ToEquatableArray();
    }

    private static PassedOverReason WhyNot(Endpoint endpoint) =>
        endpoint.Terminating ? PassedOverReason.Terminating : endpoint.Ready ? PassedOverReason.Elsewhere : PassedOverReason.NotReady;

    private static string WhyNone(Service service, ServicePort port, int slices, int endpoints, int candidates) =>
        slices == 0 ? $"Service {service.Metadata.Name} has no EndpointSlice"
        : endpoints == 0 ? $"Service {service.Metadata.Name} has no endpoints"
        : candidates == 0 ? $"no endpoint of Service {service.Metadata.Name} has its port {(port.Name.Length > 0 ? port.Name : port.Port)}"
        : $"none of the {endpoints} endpoints of Service {service.Metadata.Name} is ready";

    private static BackendTrouble Unusable(EndpointSlice slice, string what) =>
        new(ProblemCode.EndpointSliceUnusable, $"EndpointSlice {slice.Metadata.Name} {what}", "Use slices of type IPv4 or IPv6 with addresses and ports that exist");
}
