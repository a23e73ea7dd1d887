namespace IngressController.Testing.Acme.Pebble;

/// <summary>What a Pebble is started with.</summary>
public sealed record PebbleOptions
{
    /// <summary>Where it looks for answers to HTTP-01; null: pebble-challtestsrv is there.</summary>
    public int? HttpPort { get; init; }

    /// <summary>Where it looks for answers to TLS-ALPN-01; null: pebble-challtestsrv is there.</summary>
    public int? TlsPort { get; init; }

    /// <summary>The DNS that it asks; null: pebble-challtestsrv.</summary>
    public int? DnsPort { get; init; }

    /// <summary>Key identifiers and HMAC keys in base64url. Where there are any, accounts need one.</summary>
    public IReadOnlyDictionary<string, string> ExternalAccounts { get; init; } = new Dictionary<string, string>();

    /// <summary>Besides the first.</summary>
    public int AlternateRoots { get; init; }

    public TimeSpan CertificateLifetime { get; init; } = TimeSpan.FromDays(90);

    /// <summary>Of the process. It does not wait up to 15 s before it looks for an answer; what else it does to clients is as hostile as it comes.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string> { ["PEBBLE_VA_NOSLEEP"] = "1" };
}
