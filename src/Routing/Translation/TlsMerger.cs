using System.Collections.Immutable;
using IngressController.Cluster;
using IngressController.Cluster.Resources;
using IngressController.Routing.Model;

namespace IngressController.Routing.Translation;

/// <summary>Makes one host's TLS of what several Ingresses say about it. The oldest wins; every loser is told.</summary>
/// <param name="oldestFirst">Those that say something.</param>
/// <param name="ruler">The oldest Ingress with a rule for the host; null where there is none. Only its namespace decides what holds for all of the host's connections.</param>
/// <param name="wildcard">The oldest Ingress that names certificates for the wildcard that covers the host; null where there is none.</param>
internal sealed class TlsMerger(HostName host, IReadOnlyList<IngressTranslation> oldestFirst, IngressAge? ruler, IngressAge? wildcard)
{
    private readonly ImmutableArray<Problem>.Builder problems = ImmutableArray.CreateBuilder<Problem>();

    public (HostTls Tls, ImmutableArray<Problem> Problems) Merge(ImmutableDictionary<NamespacedName, Secret> secrets)
    {
        var clients = Clients(secrets);
        var merged = new HostTls(oldestFirst.Any(ingress => ingress.Tls[host].IsAskedFor), Certificates(), clients, Passthrough(clients));
        var oldest = oldestFirst[0].Tls[host];
        return (merged == oldest ? oldest : merged, problems.DrainToImmutable()); // mostly it is what one Ingress says, and is kept once
    }

    private EquatableArray<CertificateSource> Certificates()
    {
        var certificates = new List<CertificateSource>();
        string? owner = null;
        foreach (var ingress in oldestFirst)
        {
            var (name, tls) = (ingress.Age.Name, ingress.Tls[host]);
            owner ??= tls.IsAskedFor || !tls.Certificates.IsEmpty ? name.Namespace : null; // who asks and names no Secret has decided too
            if (tls.Certificates.IsEmpty)
            {
                continue;
            }

            if (name.Namespace != owner)
            {
                Conflict(name, "spec.tls", $"an older Ingress of the namespace {owner} already sets the certificates of host {host}");
                continue;
            }

            var standIn = StandInFor(ingress.Age);
            certificates.AddRange(
                from source in tls.Certificates where certificates.TrueForAll(other => other.Secret != source.Secret) select standIn == source.StandIn ? source : source with { StandIn = standIn });
            if (standIn == StandIn.Always)
            {
                Conflict(
                    name, "spec.tls", $"Ingress {ruler!.Value.Name}, which is older, has rules for host {host}, and the wildcard of Ingress {wildcard!.Value.Name}, older too, covers it: that one's certificate goes first",
                    "Leave the host out of this entry, or let the wildcard's owner do it");
            }
        }

        return certificates.ToEquatableArray();
    }

    /// <summary>Nobody takes the certificate away from a host that somebody else has served before, be it with the wildcard's or with its own.</summary>
    private StandIn StandInFor(IngressAge ingress) =>
        wildcard is not { } covering || covering.Name.Namespace == ingress.Name.Namespace ? StandIn.IfWrong
        : ingress.CompareTo(covering) < 0 ? StandIn.Never
        : ruler is { } age && age.CompareTo(ingress) < 0 && age.Name.Namespace != ingress.Name.Namespace ? StandIn.Always
        : StandIn.IfWrong;

    private ClientVerification? Clients(ImmutableDictionary<NamespacedName, Secret> secrets)
    {
        var decider = ClientDecision.Decider(host, oldestFirst, ruler?.Name.Namespace);
        var inForce = decider is null ? null : ClientDecision.AskedBy(decider, host);
        foreach (var ingress in oldestFirst)
        {
            if (ClientDecision.AskedBy(ingress, host) is { } asked && asked != inForce)
            {
                TellClients(ingress.Age.Name, asked, decider?.Age.Name, inForce);
            }
        }

        return inForce is null ? null : WithAuthorities(inForce, secrets, decider!.Age.Name);
    }

    private void TellClients(NamespacedName loser, ClientVerification asked, NamespacedName? decider, ClientVerification? inForce)
    {
        const string Closed = "its own paths there answer 503, because under the host's settings they might stand open";
        if (inForce is null)
        {
            Conflict(
                loser, "metadata.annotations", $"an older Ingress of the namespace {ruler?.Name.Namespace} has rules for host {host} and asks clients for no certificates; {Closed}",
                "Give these paths a host of their own, or have that namespace ask", Severity.Error);
            return;
        }

        var isRefused = ClientDecision.IsRefused(asked, inForce);
        var names = isRefused ? ClientDecision.Guarding(asked, inForce) : ClientDecision.Telling(asked, inForce);
        Conflict(
            loser, "metadata.annotations",
            $"Ingress {decider}, which is older or, at the same age, first by name, decides the client certificates of host {host}, and this one differs in {string.Join(", ", names)}; {(isRefused ? Closed : "what that one says holds")}",
            isRefused ? "Make the settings the same as there, or give these paths a host of their own" : "Make the settings the same as there", isRefused ? Severity.Error : Severity.Warning);
    }

    /// <summary>Closed where they cannot be read: a host that asks for certificates is never served without.</summary>
    private ClientVerification WithAuthorities(ClientVerification asked, ImmutableDictionary<NamespacedName, Secret> secrets, NamespacedName ingress)
    {
        var secret = secrets.GetValueOrDefault(asked.Secret);
        if (ClientTrust.WhyUnusable(secret) is not { } why)
        {
            return asked with { Authorities = secret!.Data.GetValueOrDefault("ca.crt"), RevocationLists = secret.Data.GetValueOrDefault("ca.crl") };
        }

        problems.Add(new(
            ProblemCode.ClientAuthoritiesInvalid, Severity.Error, new(ResourceKind.Ingress, ingress), "metadata.annotations", $"Secret {asked.Secret} {why.Wrong}; the host answers 503",
            why.Cure ?? $"kubectl -n {asked.Secret.Namespace} create secret generic {asked.Secret.Name} --from-file=ca.crt"));
        return asked with { Refusal = ProblemCode.ClientAuthoritiesInvalid };
    }

    private TlsPassthrough? Passthrough(ClientVerification? clients)
    {
        var (taken, by) = (default(TlsPassthrough?), default(NamespacedName?));
        foreach (var ingress in oldestFirst)
        {
            var (name, said) = (ingress.Age.Name, ingress.Tls[host].Passthrough);
            if (said is null)
            {
                continue;
            }

            if (name.Namespace != ruler?.Name.Namespace)
            {
                Conflict(name, "metadata.annotations", $"an older Ingress of the namespace {ruler?.Name.Namespace} has rules for host {host}: its connections are not passed through");
            }
            else if (taken is null)
            {
                (taken, by) = (said, name);
            }
            else if (said != taken)
            {
                Conflict(name, "metadata.annotations", $"Ingress {by}, which is older or, at the same age, first by name, already decides the TLS passthrough of host {host}");
            }
        }

        if (clients is null || taken is null)
        {
            return taken;
        }

        // Neither of the two can be had without breaking what the other one asks for.
        Conflict(by!.Value, "metadata.annotations", $"host {host} asks for TLS passthrough, and for client certificates, which nobody here can ask for then; its connections are closed");
        return new(null);
    }

    private void Conflict(NamespacedName ingress, string field, string message, string cure = "Keep it in one of the two", Severity severity = Severity.Warning) =>
        problems.Add(new(ProblemCode.TlsConflict, severity, new(ResourceKind.Ingress, ingress), field, message, cure));
}
