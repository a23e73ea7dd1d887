using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using IngressController.Testing.ApiServer.Access;

namespace IngressController.Testing.ApiServer;

/// <summary>The cluster's CA, the certificate that it gave the server, for loopback and the in-cluster names, and those of users.</summary>
internal sealed class Authority
{
    private readonly X509Certificate2 root;

    public Authority()
    {
        var now = TimeProvider.System.GetUtcNow();
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=kubernetes", rootKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        root = request.CreateSelfSigned(now.AddDays(-30), now.AddDays(30));
        Pem = root.ExportCertificatePem();

        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        names.AddDnsName("localhost");
        names.AddDnsName("kubernetes.default.svc");
        using var issued = Issue(new("CN=kube-apiserver"), now.AddDays(1), names.Build());
        Certificate = X509CertificateLoader.LoadPkcs12(issued.Export(X509ContentType.Pkcs12), null);
    }

    /// <summary>For certificate-authority-data and a service account's ca.crt.</summary>
    public string Pem { get; }

    public X509Certificate2 Certificate { get; }

    /// <summary>A certificate and its key, as PEM: the user is the common name, each organization a group.</summary>
    /// <param name="expires">From now; may be past.</param>
    public (string Certificate, string Key) IssueTo(string user, TimeSpan expires, params string[] groups)
    {
        var name = new X500DistinguishedNameBuilder();
        groups.ToList().ForEach(group => name.AddOrganizationName(group));
        name.AddCommonName(user);
        var usage = new X509EnhancedKeyUsageExtension([Oid.FromOidValue("1.3.6.1.5.5.7.3.2", OidGroup.EnhancedKeyUsage)], critical: false);
        using var issued = Issue(name.Build(), TimeProvider.System.GetUtcNow() + expires, usage);
        return (issued.ExportCertificatePem(), issued.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
    }

    /// <returns>Null where the certificate is not from here or not of today (apiserver's x509 authenticator).</returns>
    public User? UserOf(X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(root);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        var names = certificate.SubjectName.EnumerateRelativeDistinguishedNames().ToLookup(name => name.GetSingleElementType().FriendlyName, name => name.GetSingleElementValue()!);
        return chain.Build(certificate) ? new(names["CN"].Single()) { CertifiedGroups = [.. names["O"]] } : null;
    }

    private X509Certificate2 Issue(X500DistinguishedName name, DateTimeOffset notAfter, X509Extension extension)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(extension);
        using var issued = request.Create(root, notAfter.AddDays(-2), notAfter, RandomNumberGenerator.GetBytes(8));
        return issued.CopyWithPrivateKey(key);
    }
}
