using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace IngressController.Kubernetes.Api.Identity;

/// <summary>Whether a server's certificate comes from an authority that we were told to trust.</summary>
internal static class TrustedAuthorities
{
    public static X509Certificate2Collection Read(Material authority, string where)
    {
        var trusted = new X509Certificate2Collection();
        try
        {
            trusted.ImportFromPem(authority.Read(where));
        }
        catch (CryptographicException e)
        {
            throw new ConnectionException($"{where}: the certificate authority {authority} cannot be read: {e.Message}. It must be PEM", e);
        }

        return trusted.Count > 0 ? trusted : throw new ConnectionException($"{where}: the certificate authority {authority} has no certificate. It must be PEM");
    }

    /// <summary>Reads the authority at every handshake, because its file rotates.</summary>
    public static bool Accept(ApiConnection connection, X509Certificate? certificate, X509Chain? sent, SslPolicyErrors errors)
    {
        if (connection.SkipsVerification || (errors == SslPolicyErrors.None && connection.Authority is null))
        {
            return true;
        }

        if (connection.Authority is not { } authority || certificate is null || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != SslPolicyErrors.None)
        {
            return false; // no certificate, or one for another name
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(Read(authority, "TLS"));
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ExtraStore.AddRange(sent?.ChainPolicy.ExtraStore ?? []);
        return chain.Build(X509CertificateLoader.LoadCertificate(certificate.GetRawCertData()));
    }
}
