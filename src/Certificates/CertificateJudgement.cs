using System.Collections.Immutable;
using System.Globalization;
using IngressController.Cluster;
using IngressController.Routing.Model;

namespace IngressController.Certificates;

/// <summary>What is wrong with certificates, said to those who name them. Pure: the moment is given.</summary>
internal static class CertificateJudgement
{
    private const int NamesShown = 3;
    private static readonly TimeSpan Notice = TimeSpan.FromDays(21);
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    /// <summary>Of one host, in the order in which its Secrets were named.</summary>
    public static ImmutableArray<Problem> Judge(HostName host, HostTls tls, IReadOnlyDictionary<NamespacedName, LoadedSecret> loaded, DateTimeOffset now)
    {
        var problems = ImmutableArray.CreateBuilder<Problem>();
        foreach (var source in tls.Certificates)
        {
            var place = new Place(source.Secret, new(ResourceKind.Ingress, source.Ingress), source.Field, "the default certificate");
            problems.AddRange(Judge(place, loaded.GetValueOrDefault(source.Secret), now));
            if (!source.IfCovering && loaded.GetValueOrDefault(source.Secret)?.Certificate is { } certificate && !certificate.Covers(host))
            {
                problems.Add(NotForHost(place, certificate, host));
            }
        }

        return problems.ToImmutable();
    }

    /// <summary>Of the certificate for hosts without one.</summary>
    public static ImmutableArray<Problem> JudgeDefault(NamespacedName secret, LoadedSecret? loaded, DateTimeOffset now) =>
        [.. Judge(new(secret, new(ResourceKind.Secret, secret), "", "a self-signed certificate"), loaded, now)];

    /// <summary>The next moment at which the judgement of a certificate changes by itself.</summary>
    public static DateTimeOffset? NextTurn(LoadedCertificate certificate, DateTimeOffset now)
    {
        DateTimeOffset[] turns = [After(certificate.NotBefore, Soon), After(certificate.NotAfter, Soon - NoticeOf(certificate)), After(certificate.NotAfter, Soon)];
        return turns.Where(turn => turn > now).Select(turn => (DateTimeOffset?)turn).Min();
    }

    /// <summary>Within the calendar: a certificate without an end has its last second (RFC 5280 section 4.1.2.5).</summary>
    private static DateTimeOffset After(DateTimeOffset moment, TimeSpan time) => new(Math.Clamp(moment.UtcTicks + time.Ticks, 0, DateTimeOffset.MaxValue.UtcTicks), TimeSpan.Zero);

    private static IEnumerable<Problem> Judge(Place place, LoadedSecret? loaded, DateTimeOffset now)
    {
        if (loaded is null)
        {
            yield return place.Problem(
                ProblemCode.CertificateMissing, Severity.Warning, $"Secret {place.Secret} does not exist, or is not of type kubernetes.io/tls or Opaque; {place.Instead} is served", place.Create);
        }
        else if (loaded.Certificate is not { } certificate)
        {
            yield return place.Problem(ProblemCode.CertificateInvalid, Severity.Error, $"Secret {place.Secret} {loaded.Why}; {place.Instead} is served", place.Create);
        }
        else
        {
            if (!certificate.IsForServers)
            {
                yield return place.Problem(
                    ProblemCode.CertificateInvalid, Severity.Warning, $"the certificate of Secret {place.Secret} is not for servers, so clients may refuse it",
                    "Have it issued with the extended key usage serverAuth");
            }

            if (Ending(certificate, now) is { } ending)
            {
                var isOver = !certificate.IsInTime(now);
                yield return place.Problem(
                    ProblemCode.CertificateExpiry, isOver ? Severity.Error : Severity.Warning, $"the certificate of Secret {place.Secret} {ending}{(isOver ? "; clients refuse it" : "")}", "Renew it");
            }
        }
    }

    /// <summary>Says when, and not in how many days: a problem stays the same from one day to the next.</summary>
    private static string? Ending(LoadedCertificate certificate, DateTimeOffset now) =>
        now < certificate.NotBefore ? $"is not valid before {Moment(certificate.NotBefore)}"
        : now > certificate.NotAfter ? $"ended at {Moment(certificate.NotAfter)}"
        : certificate.NotAfter - now >= NoticeOf(certificate) ? null
        : $"ends at {Moment(certificate.NotAfter)}, {(NoticeOf(certificate) == Notice ? $"in less than {Notice.Days} days" : "with less than a quarter of its life left")}";

    /// <summary>Whoever has certificates that live for days renews them by itself, when a third is left or half.</summary>
    private static TimeSpan NoticeOf(LoadedCertificate certificate) => (certificate.NotAfter - certificate.NotBefore) / 4 is var quarter && quarter < Notice ? quarter : Notice;

    private static string Moment(DateTimeOffset moment) => moment.ToUniversalTime().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    private static Problem NotForHost(Place place, LoadedCertificate certificate, HostName host)
    {
        var more = certificate.Names.Count - NamesShown;
        var names = certificate.Names.Count == 0 ? "names no host at all" : $"is for {string.Join(", ", certificate.Names.Take(NamesShown))}{(more > 0 ? $" and {more} more" : "")}";
        return place.Problem(
            ProblemCode.CertificateNotForHost, Severity.Error, $"the certificate of Secret {place.Secret} {names}, and not for {host}; clients refuse it",
            "Have it issued with the host among its subject alternative names");
    }

    /// <summary>Where a Secret is named.</summary>
    /// <param name="Instead">What is served where it cannot be used.</param>
    private sealed record Place(NamespacedName Secret, ResourceKey Object, string Field, string Instead)
    {
        public string Create => $"kubectl -n {Secret.Namespace} create secret tls {Secret.Name} --cert=chain.pem --key=key.pem";

        public Problem Problem(ProblemCode code, Severity severity, string message, string cure) => new(code, severity, Object, Field, message, cure, Certificate: Secret);
    }
}
