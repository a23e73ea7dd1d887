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
        var named = (problem?.Subproblems ?? []).Append(problem).Where(one => one?.Host is not null).ToLookup(one => one!.Host!, one => one!.Type, StringComparer.OrdinalIgnoreCase);
        var blamed = wanted.Hosts.Select(host => (Host: host, Types: named[host].Concat(named[OrderableHost.Bare(host)]))).Where(host => host.Types.Any()).ToList();
        return blamed.Count > 0
            ? [.. blamed.Select(host => new HostFailure(host.Host, cause) { Type = host.Types.First() })]
            : [.. wanted.Hosts.Select(host => new HostFailure(host, cause) { Type = problem?.Type })];
    }
}
