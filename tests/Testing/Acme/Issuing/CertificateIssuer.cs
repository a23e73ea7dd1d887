using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace IngressController.Testing.Acme.Issuing;

/// <summary>An intermediate that several roots have signed, and which signs the leaves.</summary>
internal sealed class CertificateIssuer : IDisposable
{
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2[] intermediates;
    private readonly AcmeRules rules;

    public CertificateIssuer(AcmeRules rules)
    {
        this.rules = rules;
        var now = rules.Time.GetUtcNow();
        var chains = rules.Roots.Select(name =>
        {
            using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            using var root = OfAuthority(name, rootKey).CreateSelfSigned(now.AddYears(-2), now.AddYears(20));
            return (Root: root.ExportCertificatePem(), Intermediate: OfAuthority("Fake Intermediate Y1", key).Create(root, now.AddYears(-1), now.AddYears(10), RandomNumberGenerator.GetBytes(16)));
        }).ToArray();
        RootPems = [.. chains.Select(chain => chain.Root + "\n")];
        intermediates = [.. chains.Select(chain => chain.Intermediate)];
    }

    /// <summary>Whom the users of the certificates trust.</summary>
    public IReadOnlyList<string> RootPems { get; }

    public X509Certificate2 Issue(PublicKey publicKey, IReadOnlyList<string> hosts, TimeSpan lifetime)
    {
        var request = new CertificateRequest(new X500DistinguishedName(""), publicKey, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        hosts.ToList().ForEach(names.AddDnsName);
        request.CertificateExtensions.Add(names.Build(critical: true)); // RFC 5280 section 4.2.1.6: there is no subject
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new("1.3.6.1.5.5.7.3.1")], false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(intermediates[0], true, false));
        var now = rules.Time.GetUtcNow();
        byte[] serial = [(byte)(0x80 | Random.Shared.Next(0x7F)), .. RandomNumberGenerator.GetBytes(15)]; // as DER it gets a zero before it
        return request.Create(intermediates[0].SubjectName, X509SignatureGenerator.CreateForECDsa(key), now.AddMinutes(-1), now + lifetime, serial);
    }

    /// <param name="root">Which of the roots it leads to; the root is not in it.</param>
    public string Chain(X509Certificate2 leaf, int root) => $"{leaf.ExportCertificatePem()}\n{intermediates[root].ExportCertificatePem()}\n";

    public void Dispose()
    {
        key.Dispose();
        Array.ForEach(intermediates, intermediate => intermediate.Dispose());
    }

    private static CertificateRequest OfAuthority(string name, ECDsa key)
    {
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        return request;
    }
}
