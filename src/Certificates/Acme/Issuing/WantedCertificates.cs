using IngressController.Cluster;
using IngressController.Cluster.Resources;
using IngressController.Routing.Model;

namespace IngressController.Certificates.Acme.Issuing;

/// <summary>Which certificates Ingresses ask for, and which of them may be ordered. Pure, total and in one order; every replica finds the same.</summary>
internal sealed record WantedCertificates(EquatableArray<WantedCertificate> All, EquatableArray<RefusedCertificate> Refused, EquatableArray<Problem> Problems)
{
    /// <summary>The most that authorities take.</summary>
    private const int MostHosts = 100;

    public static WantedCertificates None { get; } = new([], [], []);

    /// <param name="served">The Ingresses that are ours.</param>
    public static WantedCertificates In(ClusterSnapshot snapshot, IEnumerable<NamespacedName> served, AcmeOptions options)
    {
        var ours = from name in served.Distinct()
                   let ingress = snapshot.Ingresses.GetValueOrDefault(name)
                   where ingress is not null
                   orderby ingress.Metadata.CreationTimestamp, name
                   select ingress;
        List<Ingress> oldestFirst = [.. ours];
        var problems = new List<Problem>();
        var requests = oldestFirst.SelectMany(ingress => CertificateRequests.Of(ingress, options, problems)).GroupBy(request => request.Secret).ToList();
        var rules = requests.Count > 0 ? new HostRules(oldestFirst) : HostRules.None;
        var (wanted, refused) = (new List<WantedCertificate>(), new List<RefusedCertificate>());
        foreach (var group in requests)
        {
            var joined = Join(group.Key, [.. group], options, problems);
            if (Refuse(joined, [.. group], snapshot, rules, options, problems) is { } why)
            {
                refused.Add(new(joined.Secret, joined.Hosts, why));
            }
            else
            {
                wanted.Add(joined);
            }
        }

        return new(
            [.. wanted.OrderBy(certificate => certificate.Secret)], [.. refused.OrderBy(certificate => certificate.Secret)], [.. problems.Distinct().Order()]);
    }

    /// <summary>What several entries say of one Secret: their hosts together, from the issuer that the oldest names.</summary>
    private static WantedCertificate Join(NamespacedName secret, List<CertificateRequest> requests, AcmeOptions options, List<Problem> problems)
    {
        var first = requests.Find(request => request.Issuer is not null);
        var issuer = options.Issuers.FirstOrDefault(issuer => issuer.Name == first?.Issuer) ?? options.Issuers[0];
        foreach (var other in requests.Where(request => request.Issuer is not null && request.Issuer != first?.Issuer))
        {
            problems.Add(other.Asker.Problem(
                ProblemCode.AcmeIssuerConflict, Severity.Warning, secret, $"Ingress {first!.Asker.Ingress} orders Secret {secret} from issuer {first.Issuer}, and is older or, at the same age, first by name; {other.Issuer} is not asked",
                "Name the same issuer in both, or another Secret"));
        }

        EquatableArray<string> hosts = [.. requests.SelectMany(request => request.Hosts).Distinct().Order(StringComparer.Ordinal)];
        return new(secret, hosts, issuer, requests.Exists(request => request.TakesOver), [.. requests.Select(request => request.Asker)]);
    }

    /// <summary>A certificate is ordered whole or not at all: without one of its hosts it would break that host.</summary>
    /// <returns>Null: it is ordered.</returns>
    private static string? Refuse(WantedCertificate wanted, List<CertificateRequest> requests, ClusterSnapshot snapshot, HostRules rules, AcmeOptions options, List<Problem> problems)
    {
        var refusals = requests.ConvertAll(request => (request.Asker, Refusal: Refuse(request, wanted.Issuer, rules, options)));
        var first = refusals.Find(entry => entry.Refusal is not null);
        var whole = SecretOwner.Refuse(wanted, snapshot.Secrets.GetValueOrDefault(wanted.Secret), options.Owner) ?? (wanted.Hosts.Count > MostHosts
            ? new($"it would have {wanted.Hosts.Count} hosts, and authorities take at most {MostHosts}", "Spread the hosts over several entries with a Secret each") : null);
        foreach (var (asker, refusal) in refusals)
        {
            var says = refusal ?? whole ?? (first.Refusal is null ? null : new Refusal($"Ingress {first.Asker.Ingress} {first.Asker.Field} wants it for a host that is refused, too", "Correct that, or name another Secret"));
            if (says is not null)
            {
                problems.Add(asker.Problem(ProblemCode.AcmeRefused, Severity.Error, wanted.Secret, $"no certificate is ordered for Secret {wanted.Secret}: {says.Why}", says.Cure));
            }
        }

        return (first.Refusal ?? whole)?.Why;
    }

    private static Refusal? Refuse(CertificateRequest request, Issuer issuer, HostRules rules, AcmeOptions options) =>
        request.Refusal
        ?? (request.Hosts.IsEmpty ? new Refusal("neither the entry nor a rule of the Ingress names a host", "Name the hosts in the entry's hosts") : null)
        ?? request.Hosts.Select(host => OrderableHost.Refuse(host, issuer, options) ?? rules.Refuse(host, request)).FirstOrDefault(refusal => refusal is not null);
}
