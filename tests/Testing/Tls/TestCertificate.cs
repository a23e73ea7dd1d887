using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace IngressController.Testing.Tls;

/// <summary>A certificate with its key, as files and Secrets have them.</summary>
public sealed class TestCertificate
{
    internal TestCertificate(X509Certificate2 certificate, AsymmetricAlgorithm key, string chain)
    {
        Key = key;
        Leaf = certificate.ExportCertificatePem() + "\n";
        Pem = Leaf + chain;
        Serial = certificate.SerialNumber;
        using var withKey = key is RSA rsa ? certificate.CopyWithPrivateKey(rsa) : certificate.CopyWithPrivateKey((ECDsa)key);
        Loaded = X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null);
    }

    public AsymmetricAlgorithm Key { get; }

    public string Leaf { get; }

    /// <summary>With the chain, but without the root.</summary>
    public string Pem { get; }

    /// <summary>PKCS#8.</summary>
    public string KeyPem => Key.ExportPkcs8PrivateKeyPem() + "\n";

    public string Serial { get; }

    /// <summary>With its key, for servers and clients in .NET.</summary>
    public X509Certificate2 Loaded { get; }

    /// <summary>As a client shows it, with its chain but without the root.</summary>
    public SslStreamCertificateContext WithChain()
    {
        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(Pem);
        chain.RemoveAt(0);
        return SslStreamCertificateContext.Create(Loaded, chain, offline: true);
    }

    /// <summary>A manifest of type kubernetes.io/tls.</summary>
    public string Secret(string name, string? keyPem = null, string? certificates = null) =>
        $$"""
        apiVersion: v1
        kind: Secret
        metadata: { name: {{name}} }
        type: kubernetes.io/tls
        data: { tls.crt: {{Base64(certificates ?? Pem)}}, tls.key: {{Base64(keyPem ?? KeyPem)}} }
        """;

    public static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
