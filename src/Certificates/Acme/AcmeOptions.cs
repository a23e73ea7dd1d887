using System.Text.Json.Serialization;
using IngressController.Cluster;

namespace IngressController.Certificates.Acme;

/// <summary>How certificates are obtained by ACME (RFC 8555).</summary>
/// <param name="Issuers">At least one; the first is used where an Ingress names none.</param>
/// <param name="State">The Secret with accounts and pending orders, which every replica reads and the leader writes.</param>
/// <param name="Owner">Who made a Secret: whoever shares the Lease is the same. Value of <see cref="AcmeAnnotations.Owner"/>.</param>
public sealed record AcmeOptions(EquatableArray<Issuer> Issuers, NamespacedName State, string Owner)
{
    /// <summary>Only hosts in or below these domains; empty: all.</summary>
    public EquatableArray<string> AllowedDomains { get; init; }

    /// <summary>Hosts too that no public authority can reach, such as <c>web.local</c> or a name of one label.</summary>
    public bool AllowsInternalNames { get; init; }
}

/// <summary>A certificate authority, and our account there.</summary>
/// <param name="Name">As annotations name it.</param>
/// <param name="Directory">RFC 8555 section 7.1.1.</param>
public sealed record Issuer(string Name, Uri Directory)
{
    /// <summary>Where the authority writes to; null: nowhere.</summary>
    public string? Email { get; init; }

    /// <summary>RFC 8555 section 7.3.4; null: none.</summary>
    public ExternalAccount? ExternalAccount { get; init; }

    public CertificateKeyType KeyType { get; init; } = CertificateKeyType.EcdsaP256;

    /// <summary>One of those that the directory offers (draft-ietf-acme-profiles); null: the authority's own choice.</summary>
    public string? Profile { get; init; }

    /// <summary>Common name of an issuer in the wanted chain, where the authority offers several; null: the first that it offers.</summary>
    public string? PreferredChain { get; init; }

    /// <summary>PEM; certificates to trust, besides the system's, when talking to the authority. Null: none.</summary>
    public string? CaBundle { get; init; }

    /// <summary>Which challenges are tried, best first.</summary>
    public EquatableArray<ChallengeKind> Challenges { get; init; } = [ChallengeKind.Http01, ChallengeKind.TlsAlpn01];

    /// <summary>How TXT records are made, for <see cref="ChallengeKind.Dns01"/>; null: they cannot.</summary>
    public DnsOptions? Dns { get; init; }
}

/// <param name="Key">The HMAC key, decoded.</param>
public sealed record ExternalAccount(string KeyId, EquatableArray<byte> Key)
{
    public override string ToString() => $"external account {KeyId}";
}

public enum CertificateKeyType
{
    EcdsaP256,
    EcdsaP384,
    Rsa2048,
    Rsa4096,
}

public enum ChallengeKind
{
    /// <summary>RFC 8555 section 8.3.</summary>
    [JsonStringEnumMemberName("http-01")]
    Http01,

    /// <summary>RFC 8737.</summary>
    [JsonStringEnumMemberName("tls-alpn-01")]
    TlsAlpn01,

    /// <summary>RFC 8555 section 8.4.</summary>
    [JsonStringEnumMemberName("dns-01")]
    Dns01,
}

/// <summary>How TXT records come into the DNS: exactly one of these is set.</summary>
public sealed record DnsOptions
{
    /// <summary>A program, called with <c>present|cleanup NAME VALUE</c>.</summary>
    public string? Program { get; init; }

    /// <summary>Takes POST requests with JSON.</summary>
    public Uri? Webhook { get; init; }

    /// <summary>A name server that takes updates (RFC 2136).</summary>
    public DnsServer? Server { get; init; }
}

/// <param name="Address">Host or IP address, and port.</param>
/// <param name="Key">RFC 8945; null: updates are not signed.</param>
public sealed record DnsServer(string Address, int Port, TsigKey? Key);

/// <param name="Algorithm"><c>hmac-sha256</c> or <c>hmac-sha512</c>.</param>
public sealed record TsigKey(string Name, string Algorithm, EquatableArray<byte> Secret)
{
    public override string ToString() => $"TSIG key {Name}";
}
