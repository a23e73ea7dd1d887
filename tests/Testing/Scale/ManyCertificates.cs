using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using IngressController.Testing.Tls;

namespace IngressController.Testing.Scale;

/// <summary>Certificates for numbered hosts, with a chain. One key for all, because keys take long to make: read from every Secret anew, it costs what another would.</summary>
public sealed class ManyCertificates : IDisposable
{
    private readonly TestAuthority authority = TestAuthority.Create();
    private readonly TestAuthority issuer;
    private readonly AsymmetricAlgorithm key;
    private readonly X509SignatureGenerator generator;
    private int serial;

    public ManyCertificates(AsymmetricAlgorithm key)
    {
        this.key = key;
        issuer = authority.Intermediate();
        generator = X509SignatureGenerator.CreateForECDsa(issuer.Certificate.GetECDsaPrivateKey()!);
        KeyPem = key.ExportPkcs8PrivateKeyPem();
    }

    public string KeyPem { get; }

    public static string Host(int number) => $"h{number}.test";

    /// <summary>A new one for that host, with its chain.</summary>
    public string Issue(int number, out string serialNumber)
    {
        var subject = new X500DistinguishedName($"CN={Host(number)}");
        var request = key is RSA rsa
            ? new CertificateRequest(subject, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new CertificateRequest(subject, (ECDsa)key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(Host(number));
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var issued = request.Create(issuer.Certificate.SubjectName, generator, now.AddDays(-1), now.AddDays(90), BitConverter.GetBytes(++serial));
        serialNumber = issued.SerialNumber;
        return issued.ExportCertificatePem() + "\n" + issuer.Chain;
    }

    public void Dispose()
    {
        issuer.Dispose();
        authority.Dispose();
        key.Dispose();
    }
}
