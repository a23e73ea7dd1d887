using IngressController.Cluster;

namespace IngressController.Certificates.Acme.Protocol;

/// <summary>RFC 8555 section 7.1.3.</summary>
/// <param name="Hosts">As the authority says them, lower case, with <c>*.</c> for wildcards.</param>
/// <param name="Expires">Of the order, while it is not valid; null: not said.</param>
/// <param name="Certificate">Where it can be downloaded; not null where the order is valid.</param>
/// <param name="Error">Why it became invalid, where the authority says so.</param>
internal sealed record Order(
    Uri Url, OrderStatus Status, EquatableArray<string> Hosts, DateTimeOffset? Expires, EquatableArray<Uri> Authorizations, Uri Finalize, Uri? Certificate, AcmeProblem? Error);

/// <summary>RFC 8555 section 7.1.6.</summary>
internal enum OrderStatus
{
    /// <summary>Hosts are to be proven.</summary>
    Pending,

    /// <summary>To be finalised.</summary>
    Ready,

    /// <summary>The authority issues.</summary>
    Processing,
    Valid,
    Invalid,
}

/// <summary>RFC 8555 section 7.1.4: that the account may have certificates for one host.</summary>
/// <param name="Host">Lower case, without <c>*.</c>.</param>
internal sealed record Authorization(Uri Url, string Host, bool IsWildcard, AuthorizationStatus Status, DateTimeOffset? Expires, EquatableArray<Challenge> Challenges)
{
    /// <summary>Why it is invalid, where the authority says so.</summary>
    public AcmeProblem? Error => Challenges.Select(challenge => challenge.Error).FirstOrDefault(error => error is not null);
}

/// <summary>RFC 8555 section 7.1.6.</summary>
internal enum AuthorizationStatus
{
    Pending,
    Valid,
    Invalid,
    Deactivated,
    Expired,
    Revoked,
}

/// <summary>RFC 8555 section 7.1.5: one way to prove a host.</summary>
/// <param name="Kind">Null: one that is not known here.</param>
/// <param name="Token">base64url; empty where a kind that is not known here has none.</param>
internal sealed record Challenge(Uri Url, ChallengeKind? Kind, string Token, ChallengeStatus Status, AcmeProblem? Error);

/// <summary>RFC 8555 section 7.1.6.</summary>
internal enum ChallengeStatus
{
    Pending,
    Processing,
    Valid,
    Invalid,
}
