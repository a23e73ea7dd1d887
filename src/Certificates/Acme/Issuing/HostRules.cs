using IngressController.Cluster.Resources;
using IngressController.Routing.Model;

namespace IngressController.Certificates.Acme.Issuing;

/// <summary>
/// Whose hosts are whose, by the rules of our Ingresses: whoever is given a certificate for a host can pass for it. A host belongs to the namespace of the oldest Ingress
/// with a rule for it; a wildcard to whoever has all the rules for it and for hosts one label below its domain, because it covers them all.
/// </summary>
internal sealed class HostRules
{
    private readonly Dictionary<string, Ingress> oldest = new(StringComparer.Ordinal);

    /// <summary>By domain: of each namespace with a rule for a host one label below, the oldest Ingress that has one.</summary>
    private readonly Dictionary<string, List<Ingress>> below = new(StringComparer.Ordinal);

    public HostRules(IEnumerable<Ingress> oldestFirst)
    {
        foreach (var ingress in oldestFirst)
        {
            foreach (var rule in ingress.Rules)
            {
                if (HostName.TryParse(rule.Host, out var host) && !host.IsAny)
                {
                    oldest.TryAdd(host.Text, ingress);
                    NoteBelow(Parent(host.Text), ingress);
                }
            }
        }
    }

    public static HostRules None { get; } = new([]);

    /// <param name="host">In its one form.</param>
    /// <returns>Null: the host is routed by us, and belongs to who asks.</returns>
    public Refusal? Refuse(string host, CertificateRequest request) => host[0] == '*' ? RefuseWildcard(host, request) : RefuseName(host, request);

    private Refusal? RefuseName(string host, CertificateRequest request)
    {
        var owner = oldest.GetValueOrDefault(host) ?? oldest.GetValueOrDefault($"*.{Parent(host)}");
        return owner is null ? request.TakesAnyHost ? null : Unrouted(host)
            : owner.Metadata.Name.Namespace == request.Secret.Namespace ? null
            : new($"{host} belongs to the namespace {owner.Metadata.Name.Namespace}: Ingress {owner.Metadata.Name} has a rule for it, and is older or, at the same age, first by name", "Ask for it in that namespace, or take its rule away there");
    }

    private Refusal? RefuseWildcard(string host, CertificateRequest request)
    {
        if (!below.TryGetValue(Parent(host), out var owners))
        {
            return Unrouted(host);
        }

        return owners.Find(ingress => ingress.Metadata.Name.Namespace != request.Secret.Namespace) is { } other
            ? new($"{host} would cover hosts of the namespace {other.Metadata.Name.Namespace}: Ingress {other.Metadata.Name} has a rule for one of them", "Ask for the hosts one by one, or take the rule away there")
            : null;
    }

    private static Refusal Unrouted(string host) => new($"{host} is in no rule of an Ingress of ours, so the authority would not reach us by it", "Add a rule for the host, or correct its name");

    private void NoteBelow(string domain, Ingress ingress)
    {
        if (!below.TryGetValue(domain, out var owners))
        {
            below.Add(domain, [ingress]);
        }
        else if (!owners.Exists(known => known.Metadata.Name.Namespace == ingress.Metadata.Name.Namespace))
        {
            owners.Add(ingress);
        }
    }

    /// <summary>Without the first label, which may be <c>*</c>; empty where there is no other.</summary>
    private static string Parent(string host) => host.IndexOf('.', StringComparison.Ordinal) is var dot && dot < 0 ? "" : host[(dot + 1)..];
}
