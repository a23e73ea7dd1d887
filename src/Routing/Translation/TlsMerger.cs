using System.Collections.Immutable;
using IngressController.Cluster;
using IngressController.Cluster.Resources;
using IngressController.Routing.Model;

namespace IngressController.Routing.Translation;

/// <summary>Makes one host's TLS of what several Ingresses say about it. The oldest wins; every loser is told.</summary>
internal static class TlsMerger
{
    /// <param name="ruler">The namespace of the oldest Ingress with a rule for the host; null where there is none. Only its Ingresses decide what holds for all of the host's connections.</param>
    public static (HostTls Tls, ImmutableArray<Problem> Problems) Merge(
        HostName host, IEnumerable<IngressTranslation> oldestFirst, string? ruler, ImmutableDictionary<NamespacedName, Secret> secrets)
    {
        var problems = ImmutableArray.CreateBuilder<Problem>();
        var (merged, owner, clientsOf, passthroughOf) = (HostTls.None, default(string?), default(NamespacedName?), default(NamespacedName?));
        var certificates = new List<CertificateSource>();
        HostTls? oldest = null;
        foreach (var ingress in oldestFirst)
        {
            var (name, tls) = (ingress.Age.Name, ingress.Tls[host]);
            oldest ??= tls;
            owner ??= tls.IsAskedFor || !tls.Certificates.IsEmpty ? name.Namespace : null; // who asks and names no Secret has decided too
            if (name.Namespace == owner)
            {
                certificates.AddRange(tls.Certificates.Where(source => certificates.TrueForAll(other => other.Secret != source.Secret)));
            }
            else if (!tls.Certificates.IsEmpty)
            {
                problems.Add(Conflict(name, "spec.tls", $"an older Ingress of the namespace {owner} already sets the certificates of host {host}"));
            }

            merged = merged with { IsAskedFor = merged.IsAskedFor || tls.IsAskedFor };
            Take(name.Namespace == ruler ? tls.Clients : Foreign(host, name, tls.Clients, ruler, "its own paths answer 503, because without client certificates they might stand open", problems), merged.Clients, ref clientsOf, name, "client certificates", value => merged = merged with { Clients = value });
            Take(name.Namespace == ruler ? tls.Passthrough : Foreign(host, name, tls.Passthrough, ruler, "its connections are not passed through", problems), merged.Passthrough, ref passthroughOf, name, "TLS passthrough", value => merged = merged with { Passthrough = value });
        }

        var clients = merged.Clients is { } asked ? WithAuthorities(asked, secrets, clientsOf!.Value, problems) : null;
        var passthrough = clients is null || passthroughOf is not { } by ? merged.Passthrough : Closed(host, by, problems);
        merged = merged with { Certificates = certificates.ToEquatableArray(), Clients = clients, Passthrough = passthrough };
        return (merged == oldest ? oldest : merged, problems.DrainToImmutable()); // mostly it is what one Ingress says, and is kept once

        void Take<T>(T? said, T? taken, ref NamespacedName? by, NamespacedName ingress, string what, Action<T> take)
            where T : class
        {
            if (said is not null && taken is null)
            {
                by = ingress;
                take(said);
            }
            else if (said is not null && !said.Equals(taken))
            {
                problems.Add(Conflict(ingress, "metadata.annotations", $"Ingress {by}, which is older or, at the same age, first by name, already decides the {what} of host {host}"));
            }
        }
    }

    /// <summary>What holds for all connections of a host is the affair of those who had it first.</summary>
    private static T? Foreign<T>(HostName host, NamespacedName ingress, T? asked, string? ruler, string consequence, ImmutableArray<Problem>.Builder problems)
        where T : class
    {
        if (asked is not null)
        {
            problems.Add(Conflict(ingress, "metadata.annotations", $"an older Ingress of the namespace {ruler} has rules for host {host}: {consequence}"));
        }

        return null;
    }

    /// <summary>Neither of the two can be had without breaking what the other one asks for.</summary>
    private static TlsPassthrough Closed(HostName host, NamespacedName ingress, ImmutableArray<Problem>.Builder problems)
    {
        problems.Add(Conflict(ingress, "metadata.annotations", $"host {host} asks for TLS passthrough, and for client certificates, which nobody here can ask for then; its connections are closed"));
        return new(null);
    }

    /// <summary>Closed where they cannot be read: a host that asks for certificates is never served without.</summary>
    private static ClientVerification WithAuthorities(
        ClientVerification asked, ImmutableDictionary<NamespacedName, Secret> secrets, NamespacedName ingress, ImmutableArray<Problem>.Builder problems)
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

    private static Problem Conflict(NamespacedName ingress, string field, string message) =>
        new(ProblemCode.TlsConflict, Severity.Warning, new(ResourceKind.Ingress, ingress), field, message, "Keep it in one of the two");
}
