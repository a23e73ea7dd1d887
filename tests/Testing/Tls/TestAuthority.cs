using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace IngressController.Testing.Tls;

/// <summary>A certificate authority of a test, which gives certificates to servers, clients and further authorities.</summary>
public sealed class TestAuthority : IDisposable
{
    private readonly X509Certificate2 certificate;

    private TestAuthority(X509Certificate2 certificate, TestAuthority? parent)
    {
        this.certificate = certificate;
        Chain = parent is null ? "" : Pem + parent.Chain;
    }

    public static TestAuthority Create(string name = "test authority")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = OfAuthority(name, key);
        var now = TimeProvider.System.GetUtcNow();
        return new(request.CreateSelfSigned(now.AddDays(-2), now.AddYears(2)), null);
    }

    /// <summary>Whom to trust, in PEM.</summary>
    public string Pem => certificate.ExportCertificatePem() + "\n";

    /// <summary>What a server must send after its own certificate, in PEM; empty for a root.</summary>
    public string Chain { get; }

    public X509Certificate2 Certificate => certificate;

    public string KeyPem => certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem() + "\n";

    public TestAuthority Intermediate(string name = "intermediate")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        using var issued = OfAuthority(name, key).Create(certificate, now.AddDays(-2), now.AddYears(1), RandomNumberGenerator.GetBytes(8));
        return new(issued.CopyWithPrivateKey(key), this);
    }

    /// <summary>For DNS names, wildcards and IP addresses.</summary>
    public TestCertificate Server(params string[] names) => Issue(names, ECDsa.Create(ECCurve.NamedCurves.nistP256), validFor: TimeSpan.FromDays(90));

    public TestCertificate RsaServer(params string[] names) => Issue(names, RSA.Create(2048), validFor: TimeSpan.FromDays(90));

    public TestCertificate Server(TimeSpan validFor, params string[] names) => Issue(names, ECDsa.Create(ECCurve.NamedCurves.nistP256), validFor);

    /// <summary>With the address of somebody who says whether it was revoked.</summary>
    /// <param name="issuer">Where this authority's certificate could be fetched.</param>
    public TestCertificate ServerWithResponder(Uri responder, string name, Uri? issuer = null)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Issue([name], key, TimeSpan.FromDays(90), new X509AuthorityInformationAccessExtension([responder.ToString()], issuer is null ? [] : [issuer.ToString()]));
    }

    public TestCertificate Client(string subject) => Issue(new CertificateRequest(subject, ECDsa.Create(ECCurve.NamedCurves.nistP256), HashAlgorithmName.SHA256), "1.3.6.1.5.5.7.3.2", TimeSpan.FromDays(90));

    public TestCertificate Client(string subject, TimeSpan validFor) => Issue(new CertificateRequest(subject, ECDsa.Create(ECCurve.NamedCurves.nistP256), HashAlgorithmName.SHA256), "1.3.6.1.5.5.7.3.2", validFor);

    /// <summary>Its own certificate, as a client that vouches for itself shows it.</summary>
    public TestCertificate Itself() => new(X509CertificateLoader.LoadCertificate(certificate.RawData), certificate.GetECDsaPrivateKey()!, "");

    /// <summary>PEM of a list of what this authority has revoked.</summary>
    /// <param name="validFor">From two days ago.</param>
    public string RevocationList(TimeSpan validFor, params TestCertificate[] revoked)
    {
        var list = new CertificateRevocationListBuilder();
        foreach (var one in revoked)
        {
            list.AddEntry(one.Loaded);
        }

        var from = TimeProvider.System.GetUtcNow().AddDays(-2);
        return PemEncoding.WriteString("X509 CRL", list.Build(certificate, 1, from + validFor, HashAlgorithmName.SHA256, thisUpdate: from)) + "\n";
    }

    /// <summary>A manifest of the Secret that <c>auth-tls-secret</c> names.</summary>
    public string Secret(string name, string revocationLists = "") =>
        $"apiVersion: v1\nkind: Secret\nmetadata: {{ name: {name} }}\ndata: {{ ca.crt: {TestCertificate.Base64(Pem)}{(revocationLists.Length == 0 ? "" : $", ca.crl: {TestCertificate.Base64(revocationLists)}")} }}\n";

    public void Dispose() => certificate.Dispose();

    private TestCertificate Issue(string[] names, AsymmetricAlgorithm key, TimeSpan validFor, params X509Extension[] extensions)
    {
        var subject = new X500DistinguishedName($"CN={names[0]}");
        var request = key is RSA rsa
            ? new CertificateRequest(subject, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new CertificateRequest(subject, (ECDsa)key, HashAlgorithmName.SHA256);
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            if (IPAddress.TryParse(name, out var address))
            {
                alternatives.AddIpAddress(address);
            }
            else
            {
                alternatives.AddDnsName(name);
            }
        }

        request.CertificateExtensions.Add(alternatives.Build());
        Array.ForEach(extensions, request.CertificateExtensions.Add);
        return Issue(request, "1.3.6.1.5.5.7.3.1", validFor, key);
    }

    private TestCertificate Issue(CertificateRequest request, string usage, TimeSpan validFor, AsymmetricAlgorithm? given = null)
    {
        var key = given ?? ECDsa.Create(ECCurve.NamedCurves.nistP256);
        request = given is null ? new CertificateRequest(request.SubjectName, (ECDsa)key, HashAlgorithmName.SHA256) : request;
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new(usage)], false));
        var end = TimeProvider.System.GetUtcNow() + validFor;
        var begin = end < TimeProvider.System.GetUtcNow() ? end.AddDays(-1) : TimeProvider.System.GetUtcNow().AddDays(-1);
        var generator = certificate.GetECDsaPrivateKey()!;
        using var issued = request.Create(certificate.SubjectName, X509SignatureGenerator.CreateForECDsa(generator), begin, end, RandomNumberGenerator.GetBytes(8));
        return new(issued, key, Chain);
    }

    private static CertificateRequest OfAuthority(string name, ECDsa key)
    {
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        return request;
    }
}
