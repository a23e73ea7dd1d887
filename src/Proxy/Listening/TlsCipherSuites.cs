using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Net.Security;

namespace IngressController.Proxy.Listening;

/// <summary>The cipher suites that an operator may choose from: of TLS 1.3 those of RFC 8446, of TLS 1.2 those with ECDHE and AEAD (RFC 9325 section 4.2).</summary>
public static class TlsCipherSuites
{
    private static readonly TlsCipherSuite[] OfTls13 =
        [TlsCipherSuite.TLS_AES_256_GCM_SHA384, TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256, TlsCipherSuite.TLS_AES_128_GCM_SHA256];

    private static readonly (TlsCipherSuite Suite, string OpenSslName)[] OfTls12 =
    [
        (TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, "ECDHE-ECDSA-AES128-GCM-SHA256"),
        (TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, "ECDHE-RSA-AES128-GCM-SHA256"),
        (TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, "ECDHE-ECDSA-AES256-GCM-SHA384"),
        (TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, "ECDHE-RSA-AES256-GCM-SHA384"),
        (TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, "ECDHE-ECDSA-CHACHA20-POLY1305"),
        (TlsCipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256, "ECDHE-RSA-CHACHA20-POLY1305"),
    ];

    /// <summary>By their IANA names, and those of TLS 1.2 by OpenSSL's, too.</summary>
    public static FrozenDictionary<string, TlsCipherSuite> All { get; } = OfTls13
        .Select(suite => (Name: suite.ToString(), Suite: suite))
        .Concat(OfTls12.Select(known => (known.Suite.ToString(), known.Suite)))
        .Concat(OfTls12.Select(known => (known.OpenSslName, known.Suite)))
        .ToFrozenDictionary(known => known.Item1, known => known.Item2);

    /// <summary>A version of which no suite is named keeps all of its suites, so that naming some of one version does not switch off the other.</summary>
    /// <returns>Null where none is named: the platform's.</returns>
    [SuppressMessage("Interoperability", "CA1416", Justification = "The program runs on Linux")]
    internal static CipherSuitesPolicy? PolicyOf(IEnumerable<TlsCipherSuite> named)
    {
        var (of13, of12) = (named.Where(OfTls13.Contains).ToArray(), named.Except(OfTls13).ToArray());
        return of13.Length + of12.Length == 0
            ? null
            : new([.. of13.Length > 0 ? of13 : OfTls13, .. of12.Length > 0 ? of12 : OfTls12.Select(known => known.Suite)]);
    }
}
