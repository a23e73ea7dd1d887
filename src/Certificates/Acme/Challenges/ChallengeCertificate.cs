using System.Formats.Asn1;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace IngressController.Certificates.Acme.Challenges;

/// <summary>What shows over TLS that a host is ours (RFC 8737 section 3). Made by the first handshake that asks for it.</summary>
internal sealed class ChallengeCertificate(string host, string keyAuthorization, TimeProvider time)
{
    private static readonly Oid AcmeIdentifier = new("1.3.6.1.5.5.7.1.31", "acmeIdentifier");

    private readonly Lazy<SslStreamCertificateContext> context = new(
        () => SslStreamCertificateContext.Create(Create(host, keyAuthorization, time.GetUtcNow()), additionalCertificates: null, offline: true),
        LazyThreadSafetyMode.PublicationOnly); // what fails for want of memory is tried again

    public string Host => host;

    public string KeyAuthorization => keyAuthorization;

    public SslStreamCertificateContext Context => context.Value;

    /// <summary>Self-signed, with the host as its only name and the digest as a critical extension: authorities refuse anything else.</summary>
    private static X509Certificate2 Create(string host, string keyAuthorization, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=ACME challenge", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509Extension(AcmeIdentifier, Digest(keyAuthorization), critical: true));
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(30)); // longer than authorities keep an order open
    }

    private static byte[] Digest(string keyAuthorization)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        writer.WriteOctetString(SHA256.HashData(Encoding.ASCII.GetBytes(keyAuthorization)));
        return writer.Encode();
    }
}
