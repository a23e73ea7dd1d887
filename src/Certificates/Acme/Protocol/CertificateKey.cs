using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace IngressController.Certificates.Acme.Protocol;

/// <summary>The key of a certificate. Thread-safe.</summary>
internal sealed class CertificateKey : IDisposable
{
    private CertificateKey(SigningKey signing, CertificateKeyType type) => (Signing, Type) = (signing, type);

    public CertificateKeyType Type { get; }

    /// <summary>PKCS#8.</summary>
    public string Pem => Signing.Pem;

    internal SigningKey Signing { get; }

    public static CertificateKey Create(CertificateKeyType type) => new(SigningKey.Create(type), type);

    /// <exception cref="FormatException">It is none of the kinds that certificates are ordered for.</exception>
    public static CertificateKey Read(string pem)
    {
        var signing = SigningKey.Read(pem);
        return new(signing, (signing.IsRsa, signing.Size) switch
        {
            (false, 256) => CertificateKeyType.EcdsaP256,
            (false, 384) => CertificateKeyType.EcdsaP384,
            (true, 2048) => CertificateKeyType.Rsa2048,
            (true, 4096) => CertificateKeyType.Rsa4096,
            _ => throw new FormatException($"an RSA key of {signing.Size} bits is of no kind that certificates are ordered for"),
        });
    }

    /// <summary>A certificate request (RFC 2986) with the hosts as alternative names and no subject, whose common name could hold no more than 64 characters.</summary>
    /// <returns>DER.</returns>
    public byte[] Request(IEnumerable<string> hosts)
    {
        var names = new SubjectAlternativeNameBuilder();
        foreach (var host in hosts)
        {
            names.AddDnsName(host);
        }

        return Signing.With(key =>
        {
            var nobody = new X500DistinguishedName("");
            var request = key is RSA rsa
                ? new CertificateRequest(nobody, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
                : new CertificateRequest(nobody, (ECDsa)key, key.KeySize == 256 ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA384);
            request.CertificateExtensions.Add(names.Build());
            return request.CreateSigningRequest();
        });
    }

    public bool Fits(X509Certificate2 certificate) => certificate.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(Signing.SubjectPublicKeyInfo);

    public void Dispose() => Signing.Dispose();
}
