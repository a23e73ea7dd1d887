using IngressController.Cluster;

namespace IngressController.Certificates.Acme.Issuing;

/// <summary>What became of the wish for a certificate.</summary>
public enum AcmeStage
{
    /// <summary>It is not ordered; the cause says why.</summary>
    Refused,

    /// <summary>It is to be ordered; a cause says what that waits for.</summary>
    Waiting,

    /// <summary>It is ordered.</summary>
    Ordered,

    /// <summary>The authority looks whether the hosts are ours.</summary>
    Proving,

    /// <summary>It is there.</summary>
    Issued,

    /// <summary>The last order failed, in the words of the cause; it is tried again.</summary>
    Failed,
}

/// <summary>A certificate that Ingresses ask for, as every replica knows it.</summary>
/// <param name="Hosts">In order, each once.</param>
/// <param name="Issuer">By its name; empty where it is refused.</param>
/// <param name="NotBefore">Of the certificate that is there, also while another is obtained; null: there is none that fits.</param>
/// <param name="NextRenewal">When the certificate that is there is to be renewed, unless its authority says otherwise; null: there is none.</param>
/// <param name="Cause">With the authority's own words where it said something; empty where there is nothing to say.</param>
/// <param name="NextTry">Null where nothing failed.</param>
public sealed record AcmeStatus(
    NamespacedName Secret, EquatableArray<string> Hosts, string Issuer, AcmeStage Stage, DateTimeOffset? NotBefore, DateTimeOffset? NotAfter, DateTimeOffset? NextRenewal, string Cause,
    DateTimeOffset? NextTry);

/// <summary>What the news say about each certificate, and what is wrong. Pure.</summary>
internal static class AcmeStatuses
{
    /// <summary>In the order of the Secrets.</summary>
    public static EquatableArray<AcmeStatus> Of(News news, DateTimeOffset now)
    {
        var (failures, holds) = Index(news, now);
        var refused = news.Wanted.Refused.Select(certificate => Of(certificate, news.Held.GetValueOrDefault(certificate.Secret)?.Leaf));
        return [.. news.Wanted.All.Select(wanted => Of(wanted, news, failures, holds)).Concat(refused).OrderBy(status => status.Secret)];
    }

    public static EquatableArray<Problem> Problems(News news, DateTimeOffset now)
    {
        var (failures, holds) = Index(news, now);
        return [.. news.Wanted.Problems.Concat(news.Wanted.All.SelectMany(wanted => Problems(wanted, news, failures, holds))).Distinct().Order()];
    }

    private static AcmeStatus Of(WantedCertificate wanted, News news, Dictionary<string, FailureRecord> failures, Dictionary<string, HoldRecord> holds)
    {
        var leaf = LeafOf(wanted, news);
        var (stage, cause, next) = (news.State.OrderFor(wanted), FailureOf(wanted, failures), holds.GetValueOrDefault(wanted.Issuer.Name)) switch
        {
            ({ } order, _, var hold) => (order.Tokens.IsEmpty ? AcmeStage.Ordered : AcmeStage.Proving, hold?.Cause ?? "", hold?.Until),
            (_, { } failure, _) => (AcmeStage.Failed, failure.Cause, failure.NextTry),
            (_, _, { } hold) when leaf is null => (AcmeStage.Waiting, hold.Cause, hold.Until),
            _ => (leaf is null ? AcmeStage.Waiting : AcmeStage.Issued, "", default(DateTimeOffset?)),
        };
        return new(wanted.Secret, wanted.Hosts, wanted.Issuer.Name, stage, leaf?.NotBefore, leaf?.NotAfter, leaf is null ? null : RenewalTime.Of(leaf, null), cause, next);
    }

    private static AcmeStatus Of(RefusedCertificate refused, HeldLeaf? leaf) =>
        new(refused.Secret, refused.Hosts, "", AcmeStage.Refused, leaf?.NotBefore, leaf?.NotAfter, null, refused.Why, null);

    private static IEnumerable<Problem> Problems(WantedCertificate wanted, News news, Dictionary<string, FailureRecord> failures, Dictionary<string, HoldRecord> holds)
    {
        if (news.Held.GetValueOrDefault(wanted.Secret) is { RevokeText: { } text, Revoke: null })
        {
            yield return new(
                ProblemCode.AnnotationInvalid, Severity.Error, new(ResourceKind.Secret, wanted.Secret), $"metadata.annotations[{AcmeAnnotations.Revoke}]", $"\"{text}\" is no reason to revoke a certificate",
                $"it must be {RevocationText.Choices}", Certificate: wanted.Secret);
        }

        var (leaf, failure, hold) = (LeafOf(wanted, news), FailureOf(wanted, failures), holds.GetValueOrDefault(wanted.Issuer.Name));
        foreach (var asker in wanted.Askers.AsEnumerable())
        {
            if (failure is not null)
            {
                yield return asker.Problem(
                    ProblemCode.AcmeFailed, leaf is null ? Severity.Error : Severity.Warning, wanted.Secret, $"no certificate was issued for Secret {wanted.Secret}: {failure.Cause}", Cures.Of(failure));
            }
            else if (hold is not null && (leaf is null || news.State.OrderFor(wanted) is not null))
            {
                yield return asker.Problem(
                    ProblemCode.AcmeUnavailable, Severity.Warning, wanted.Secret, $"the certificate for Secret {wanted.Secret} waits for issuer {wanted.Issuer.Name}: {hold.Cause}", Cures.Of(hold));
            }
        }
    }

    /// <summary>Null where there is none, or one for other hosts.</summary>
    private static HeldLeaf? LeafOf(WantedCertificate wanted, News news) => news.Held.GetValueOrDefault(wanted.Secret)?.Leaf is { } leaf && wanted.Hosts.All(leaf.Covers) ? leaf : null;

    private static FailureRecord? FailureOf(WantedCertificate wanted, Dictionary<string, FailureRecord> failures) =>
        wanted.Hosts.Select(host => failures.GetValueOrDefault(host)).OfType<FailureRecord>().MaxBy(failure => failure.NextTry);

    private static (Dictionary<string, FailureRecord> Failures, Dictionary<string, HoldRecord> Holds) Index(News news, DateTimeOffset now) =>
        (news.State.Failures.DistinctBy(failure => failure.Host).ToDictionary(failure => failure.Host), news.State.Holds.Where(hold => !hold.IsOver(now)).DistinctBy(hold => hold.Issuer).ToDictionary(hold => hold.Issuer));
}
