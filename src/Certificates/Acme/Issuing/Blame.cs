using IngressController.Certificates.Acme.Protocol;
using IngressController.Cluster;

namespace IngressController.Certificates.Acme.Issuing;

/// <summary>Which hosts an authority's refusal is about.</summary>
internal static class Blame
{
    /// <param name="problem">Null: the authority said nothing.</param>
    /// <returns>Those that it names; all where it names none.</returns>
    public static EquatableArray<HostFailure> For(WantedCertificate wanted, AcmeProblem? problem, string cause)
    {
        var named = (problem?.Subproblems ?? []).Append(problem).Select(one => one?.Host).OfType<string>().ToHashSet(StringComparer.OrdinalIgnoreCase);
        var blamed = wanted.Hosts.Where(host => named.Contains(host) || named.Contains(OrderableHost.Bare(host))).ToList();
        return [.. (blamed.Count > 0 ? blamed : wanted.Hosts.AsEnumerable()).Select(host => new HostFailure(host, cause))];
    }
}
