using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using IngressController.Cluster;

namespace IngressController.Certificates;

/// <summary>What is served where nobody has given a certificate. Made once for each process, so it proves nothing.</summary>
internal static class SelfSignedCertificate
{
    public static LoadedCertificate Create(TimeProvider time)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Ingress controller default certificate", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("ingress.local");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new(Oids.ServerAuthentication)], false));
        var now = time.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddYears(1));
        return LoadedSecret.Of(Bytes(certificate.ExportCertificatePem()), Bytes(key.ExportPkcs8PrivateKeyPem()), staples: false).Certificate!;
    }

    private static EquatableArray<byte> Bytes(string pem) => Encoding.ASCII.GetBytes(pem).ToEquatableArray();
}
