using IngressController.Cluster;
using IngressController.Cluster.Resources;
using IngressController.Routing.Model;

namespace IngressController.Certificates.Acme.Issuing;

/// <summary>What one entry of <c>spec.tls</c> asks for.</summary>
/// <param name="Hosts">Of names their one form; what is no name stands as it was written.</param>
/// <param name="Issuer">Null: none is named.</param>
/// <param name="TakesAnyHost">The Ingress has a rule without host, or a default backend.</param>
/// <param name="Refusal">It cannot be fulfilled, whatever the hosts are; null: it may be.</param>
internal sealed record CertificateRequest(
    Asker Asker, NamespacedName Secret, EquatableArray<string> Hosts, string? Issuer, bool TakesOver, bool TakesAnyHost, Refusal? Refusal);

/// <summary>Reads what an Ingress asks for.</summary>
internal static class CertificateRequests
{
    private const string Annotations = "metadata.annotations";

    /// <param name="problems">Gets what is said in a way that cannot be read.</param>
    public static IEnumerable<CertificateRequest> Of(Ingress ingress, AcmeOptions options, List<Problem> problems)
    {
        var issuer = ingress.Metadata.Annotations.GetValueOrDefault(AcmeAnnotations.Issuer)?.Trim();
        if (!(Read(ingress, AcmeAnnotations.Wanted, problems) ?? issuer is not null))
        {
            return [];
        }

        var takesOver = Read(ingress, AcmeAnnotations.TakeOver, problems) ?? false;
        if (ingress.Tls.IsEmpty)
        {
            problems.Add(new(
                ProblemCode.AcmeRefused, Severity.Error, ingress.Key, Annotations, "the Ingress asks for certificates and has no spec.tls that says for which hosts and in which Secret", "Add an entry with hosts and secretName"));
        }

        return Entries(ingress, issuer, takesOver, options, problems);
    }

    private static List<CertificateRequest> Entries(Ingress ingress, string? issuer, bool takesOver, AcmeOptions options, List<Problem> problems)
    {
        var ofRules = ingress.Rules.Select(rule => rule.Host).Where(host => !string.IsNullOrEmpty(host)).OfType<string>().ToList();
        var takesAny = ingress.DefaultBackend is not null || ingress.Rules.Any(rule => string.IsNullOrEmpty(rule.Host));
        var requests = new List<CertificateRequest>();
        for (var index = 0; index < ingress.Tls.Count; index++)
        {
            var (entry, asker) = (ingress.Tls[index], new Asker(ingress.Metadata.Name, $"spec.tls[{index}]"));
            if (entry.SecretName is not { Length: > 0 } secret)
            {
                problems.Add(asker.Problem(ProblemCode.AcmeRefused, Severity.Error, null, "no certificate is ordered, because the entry names no Secret to put it into", "Add secretName: the Secret is made"));
                continue;
            }

            EquatableArray<string> hosts = [.. (entry.Hosts.IsEmpty ? ofRules : entry.Hosts.AsEnumerable()).Select(OneForm).Distinct().Order(StringComparer.Ordinal)];
            requests.Add(new(asker, new(ingress.Metadata.Name.Namespace, secret), hosts, issuer, takesOver, takesAny, Refuse(new(ingress.Metadata.Name.Namespace, secret), issuer, options)));
        }

        return requests;
    }

    private static Refusal? Refuse(NamespacedName secret, string? issuer, AcmeOptions options) =>
        !DnsName.IsSubdomain(secret.Name) ? new($"\"{secret.Name}\" is no name that a Secret can have", "Correct secretName")
        : secret == options.State ? new($"Secret {secret} keeps the accounts and orders of ACME", "Name another Secret")
        : issuer is not null && !options.Issuers.Any(known => known.Name == issuer) ? new($"there is no issuer \"{issuer}\"; there are {string.Join(", ", options.Issuers.Select(known => known.Name))}", $"Correct the annotation {AcmeAnnotations.Issuer}, or take it away")
        : null;

    private static string OneForm(string host) => HostName.TryParse(host, out var name) && !name.IsAny ? name.Text : host;

    private static bool? Read(Ingress ingress, string annotation, List<Problem> problems)
    {
        switch (ingress.Metadata.Annotations.GetValueOrDefault(annotation)?.Trim())
        {
            case null:
                return null;
            case "true":
                return true;
            case "false":
                return false;
            case var value:
                problems.Add(new(ProblemCode.AnnotationInvalid, Severity.Error, ingress.Key, $"{Annotations}[{annotation}]", $"\"{value}\" cannot be read", "it must be \"true\" or \"false\""));
                return null;
        }
    }
}
