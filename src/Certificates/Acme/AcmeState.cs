using System.Text.Json;
using System.Text.Json.Serialization;
using IngressController.Cluster;
using IngressController.Cluster.Resources;

namespace IngressController.Certificates.Acme;

/// <summary>
/// What must outlive the leader, and what every replica needs to answer challenges: one Secret, written by the leader before each step that cannot be taken back, read by
/// everybody through the watch.
/// </summary>
internal sealed record AcmeState
{
    private const string DataKey = "state.json";

    public static AcmeState Empty { get; } = new();

    public EquatableArray<AccountRecord> Accounts { get; init; }

    public EquatableArray<OrderRecord> Orders { get; init; }

    /// <summary>Of hosts whose last order failed.</summary>
    public EquatableArray<FailureRecord> Failures { get; init; }

    /// <summary>When orders were made, for the limits of authorities: as long as they count.</summary>
    public EquatableArray<OrderTime> Ordered { get; init; }

    /// <summary>When certificates were issued, for the limits of authorities: as long as they count.</summary>
    public EquatableArray<IssueTime> Issued { get; init; }

    /// <summary>Of issuers that are left alone for a while.</summary>
    public EquatableArray<HoldRecord> Holds { get; init; }

    public static bool IsIn(Secret secret) => secret.Data.TryGetValue(DataKey, out _);

    /// <param name="secret">Null: there is none yet.</param>
    /// <param name="problem">Null where all is well. Otherwise the state is <see cref="Empty"/> and must not be written: that would forget the accounts.</param>
    public static AcmeState Read(Secret? secret, out Problem? problem)
    {
        problem = null;
        if (secret is null || !secret.Data.TryGetValue(DataKey, out var json))
        {
            return Empty;
        }

        try
        {
            return JsonSerializer.Deserialize(json.AsSpan(), AcmeStateJson.Default.AcmeState) ?? throw new JsonException("it is null");
        }
        catch (JsonException failure)
        {
            problem = Unreadable(secret, failure.Path is { Length: > 1 } path ? $" at {path}" : ""); // nothing of its text, which may quote what it could not read
            return Empty;
        }
    }

    /// <returns>In bytes, as it is written.</returns>
    public int Size() => JsonSerializer.SerializeToUtf8Bytes(this, AcmeStateJson.Default.AcmeState).Length;

    /// <param name="metadata">Of the Secret that is replaced, so that what others noted there stays.</param>
    public Secret ToSecret(Metadata metadata)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(this, AcmeStateJson.Default.AcmeState).ToEquatableArray();
        return new(metadata, "Opaque", new Dictionary<string, EquatableArray<byte>> { [DataKey] = json }.ToEquatableMap());
    }

    /// <param name="where">Goes after <c>cannot be read</c>.</param>
    public static Problem Unreadable(Secret secret, string where) => new(
        ProblemCode.AcmeStateUnreadable, Severity.Error, secret.Key, $"data[{DataKey}]",
        $"the accounts and orders of ACME cannot be read{where}; no certificate is obtained or renewed", "Restore it, or delete the Secret: then new accounts are made");
}

/// <param name="Directory">Of the authority that knows the account: another directory under the same name of an issuer needs another account.</param>
/// <param name="Key">PKCS#8 PEM, ECDSA P-256.</param>
/// <param name="Url">Null: it is not known yet whether the authority has it.</param>
internal sealed record AccountRecord(string Issuer, Uri Directory, string Key, Uri? Url)
{
    /// <summary>PKCS#8 PEM of a key that the account has been asked to change to; null: none. Which of the two the authority has is found out by asking.</summary>
    public string? NextKey { get; init; }

    /// <summary>Which address the authority was told; null: none.</summary>
    public string? Email { get; init; }

    /// <summary>Without the keys.</summary>
    public override string ToString() => $"account of {Issuer} at {Directory}";
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

    /// <summary>Without the key.</summary>
    public override string ToString() => $"order of {Issuer} for {Secret}: {Hosts}";
}

/// <param name="Host">Without <c>*.</c>.</param>
/// <param name="Token">RFC 8555 section 8.1.</param>
internal sealed record ChallengeToken(string Host, string Token);

/// <param name="Count">How often in a row.</param>
/// <param name="Cause">In the authority's own words where it said something.</param>
internal sealed record FailureRecord(string Host, int Count, DateTimeOffset NextTry, string Cause)
{
    /// <summary>As <see cref="Protocol.AcmeProblem.Type"/>; null: the authority said nothing of that kind.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] // there may be thousands of failures
    public string? Type { get; init; }

    /// <summary>By which the host could not be proven; null: it did not come to that.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ChallengeKind? Challenge { get; init; }
}

internal sealed record OrderTime(string Issuer, DateTimeOffset At);

/// <param name="Set">Tells the set of its hosts from other sets, in few letters: a week has thousands of these.</param>
internal sealed record IssueTime(string Issuer, string Set, DateTimeOffset At);

/// <param name="Until">No new orders before.</param>
/// <param name="Cause">In the authority's own words where it said something.</param>
internal sealed record HoldRecord(string Issuer, DateTimeOffset Until, string Cause)
{
    /// <summary>It limits orders only; those that it has go on. Otherwise it is down, or does not want us, and nothing goes on.</summary>
    public bool LimitsOrders { get; init; }

    /// <inheritdoc cref="FailureRecord.Type"/>
    public string? Type { get; init; }
}
