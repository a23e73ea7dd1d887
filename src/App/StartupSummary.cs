using System.Text;
using IngressController.Certificates.Acme;
using IngressController.Cluster;
using IngressController.Routing.Model;
using IngressController.Routing.Translation;

namespace IngressController.App;

/// <summary>What somebody wants to see who has just started the program.</summary>
internal static class StartupSummary
{
    private const int HostsShown = 8;

    /// <param name="wanted">By ACME; null: no certificates are obtained.</param>
    /// <returns>Several lines, the first of which stands for itself.</returns>
    public static string Describe(
        ListenAddresses addresses, string source, ClusterSnapshot snapshot, Translation translation, IReadOnlyCollection<Problem> problems,
        (EquatableArray<Issuer> Issuers, int Hosts)? wanted = null)
    {
        var summary = new StringBuilder($"ingress-controller {AppVersion.Text} is ready\n");
        summary.Append("http      ").Append(addresses.Http).Append('\n');
        summary.Append("https     ").Append(addresses.Https).Append('\n');
        summary.Append("admin     ").Append(addresses.Admin).Append(" (dashboard, /livez, /readyz, /metrics)\n");
        summary.Append("source    ").Append(source).Append('\n');
        summary.Append("objects   ").Append(Objects(snapshot, translation.Ingresses.Count())).Append('\n');
        summary.Append("hosts     ").Append(Hosts(translation.Model)).Append('\n');
        if (wanted is var (issuers, count))
        {
            var named = string.Join(", ", issuers.Select(issuer => $"issuer {issuer.Name} at {issuer.Directory}"));
            summary.Append("acme      ").Append(named).Append("; ").Append(Count(count, "host wants a certificate", "hosts want certificates")).Append('\n');
        }

        return summary.Append("problems  ").Append(Problems(problems)).ToString();
    }

    /// <summary><c>2 Ingresses, 1 IngressClass, 3 Services</c>; kinds of which there is none are left out.</summary>
    /// <param name="ours">How many of the Ingresses are ours; said where it is not all of them.</param>
    public static string Objects(ClusterSnapshot snapshot, int ours)
    {
        var counts = new (int Count, string One, string Many)[]
        {
            (snapshot.Ingresses.Count, $"Ingress{OfThem(ours, snapshot.Ingresses.Count)}", $"Ingresses{OfThem(ours, snapshot.Ingresses.Count)}"),
            (snapshot.IngressClasses.Count, "IngressClass", "IngressClasses"),
            (snapshot.Services.Count, "Service", "Services"),
            (snapshot.EndpointSlices.Count, "EndpointSlice", "EndpointSlices"),
            (snapshot.Secrets.Count, "Secret", "Secrets"),
            (snapshot.ConfigMaps.Count, "ConfigMap", "ConfigMaps"),
            (snapshot.Namespaces.Count, "Namespace", "Namespaces"),
        };
        var texts = counts.Where(kind => kind.Count > 0).Select(kind => Count(kind.Count, kind.One, kind.Many));
        return string.Join(", ", texts) is { Length: > 0 } text ? text : "none";
    }

    private static string OfThem(int ours, int all) => ours == all ? "" : $" ({ours} of them ours)";

    /// <summary><c>1 error, 2 warnings</c> or <c>none</c>.</summary>
    public static string Problems(IReadOnlyCollection<Problem> problems)
    {
        var errors = problems.Count(problem => problem.Severity == Severity.Error);
        return Problems(errors, problems.Count - errors);
    }

    public static string Problems(int errors, int warnings) =>
        errors + warnings == 0 ? "none" : $"{Count(errors, "error", "errors")}, {Count(warnings, "warning", "warnings")}";

    private static string Hosts(RoutingModel model)
    {
        var hosts = model.Hosts.Keys.Order().Select(host => host.ToString()).ToList();
        var more = hosts.Count - HostsShown;
        return hosts.Count == 0 ? "none" : string.Join(", ", hosts.Take(HostsShown)) + (more > 0 ? $" and {more} more" : "");
    }

    private static string Count(int count, string one, string many) => $"{count} {(count == 1 ? one : many)}";
}
