using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace IngressController.Certificates.Acme.Protocol;

/// <summary>Whether who answers is the authority: by what the system trusts, or by the issuer's own CA certificates.</summary>
internal static class AuthorityTrust
{
    /// <exception cref="AcmeException">It is no PEM.</exception>
    public static X509Certificate2Collection Read(Issuer issuer)
    {
        var bundle = new X509Certificate2Collection();
        try
        {
            bundle.ImportFromPem(issuer.CaBundle);
        }
        catch (CryptographicException e)
        {
            throw new AcmeException($"the CA bundle of the issuer {issuer.Name} cannot be read: {e.Message}. It must be PEM", e);
        }

        return issuer.CaBundle is null || bundle.Count > 0 ? bundle : throw new AcmeException($"the CA bundle of the issuer {issuer.Name} has no certificate. It must be PEM");
    }

    public static bool Accept(X509Certificate2Collection bundle, X509Certificate? certificate, X509Chain? sent, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None)
        {
            return true;
        }

        if (bundle.Count == 0 || certificate is null || errors != SslPolicyErrors.RemoteCertificateChainErrors)
        {
            return false; // no certificate, or one for another name
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(bundle);
        chain.ChainPolicy.ApplicationPolicy.Add(new(Oids.ServerAuthentication));
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ExtraStore.AddRange(sent?.ChainPolicy.ExtraStore ?? []);
        using var judged = X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
        return chain.Build(judged);
    }
}
