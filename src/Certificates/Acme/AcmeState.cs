using IngressController.Cluster;

namespace IngressController.Certificates.Acme;

/// <summary>
/// What must outlive the leader, and what every replica needs to answer challenges: one Secret, written by the leader before each step that cannot be taken back, read by
/// everybody through the watch.
/// </summary>
internal sealed record AcmeState
{
    public static AcmeState Empty { get; } = new();

    public EquatableArray<AccountRecord> Accounts { get; init; }

    public EquatableArray<OrderRecord> Orders { get; init; }

    /// <summary>Of hosts whose last order failed.</summary>
    public EquatableArray<FailureRecord> Failures { get; init; }

    /// <summary>When orders were made, for the limits of authorities: the last week's.</summary>
    public EquatableArray<OrderTime> Ordered { get; init; }
}

/// <param name="Directory">Of the authority that knows the account: another directory under the same name of an issuer needs another account.</param>
/// <param name="Key">PKCS#8 PEM, ECDSA P-256.</param>
/// <param name="Url">Null: it is not known yet whether the authority has it.</param>
internal sealed record AccountRecord(string Issuer, Uri Directory, string Key, Uri? Url)
{
    /// <summary>PKCS#8 PEM of a key that the account has been asked to change to; null: none. Which of the two the authority has is found out by asking.</summary>
    public string? NextKey { get; init; }
}

/// <summary>A certificate that is being obtained.</summary>
/// <param name="Secret">Where it goes.</param>
/// <param name="Hosts">In order, each once.</param>
/// <param name="Key">PKCS#8 PEM of the certificate's key.</param>
/// <param name="Began">When it was decided.</param>
internal sealed record OrderRecord(NamespacedName Secret, string Issuer, EquatableArray<string> Hosts, string Key, DateTimeOffset Began)
{
    /// <summary>Null: not ordered yet, or a crash came between the order and this.</summary>
    public Uri? Url { get; init; }

    /// <summary>How the hosts are proven.</summary>
    public ChallengeKind Challenge { get; init; }

    /// <summary>Of the hosts that are not proven yet. Empty before the authority was asked.</summary>
    public EquatableArray<ChallengeToken> Tokens { get; init; }

    /// <summary>RFC 9773 section 4.1, of the certificate that is renewed; null: none.</summary>
    public string? Replaces { get; init; }
}

/// <param name="Host">Without <c>*.</c>.</param>
/// <param name="Token">RFC 8555 section 8.1.</param>
internal sealed record ChallengeToken(string Host, string Token);

/// <param name="Count">How often in a row.</param>
/// <param name="Cause">In the authority's own words where it said something.</param>
internal sealed record FailureRecord(string Host, int Count, DateTimeOffset NextTry, string Cause);

internal sealed record OrderTime(string Issuer, EquatableArray<string> Hosts, DateTimeOffset At);
