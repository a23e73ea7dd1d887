using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using IngressController.Cluster;
using IngressController.Cluster.Resources;

namespace IngressController.Certificates;

/// <summary>A certificate with its chain and key, ready for handshakes: nothing is parsed or built for each of them.</summary>
/// <param name="IsEcdsa">The key is on an elliptic curve, which not every client can verify; otherwise it is RSA.</param>
internal sealed record LoadedCertificate(SslStreamCertificateContext Context, bool IsEcdsa)
{
    public X509Certificate2 Leaf => Context.TargetCertificate;

    /// <summary>Whether a client that asks for the host would take it.</summary>
    public bool Covers(string host) => Leaf.MatchesHostname(host.StartsWith("*.", StringComparison.Ordinal) ? string.Concat("any", host.AsSpan(1)) : host);

    /// <param name="why">What is wrong where the result is null; goes after <c>Secret shop/web</c>.</param>
    public static LoadedCertificate? TryLoad(Secret secret, out string why)
    {
        var (certificate, key) = (secret.Data.GetValueOrDefault("tls.crt"), secret.Data.GetValueOrDefault("tls.key"));
        why = certificate.IsEmpty ? "has no tls.crt" : key.IsEmpty ? "has no tls.key" : "";
        if (why.Length > 0)
        {
            return null;
        }

        try
        {
            return Load(Encoding.UTF8.GetString(certificate.AsSpan()), Encoding.UTF8.GetString(key.AsSpan()), out why);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or NotSupportedException)
        {
            why = $"cannot be used: {e.Message.TrimEnd('.')}";
            return null;
        }
    }

    private static LoadedCertificate? Load(string certificates, string key, out string why)
    {
        why = key.Contains("ENCRYPTED", StringComparison.Ordinal) ? "has an encrypted tls.key, for which nobody knows the password" : "";
        if (why.Length > 0)
        {
            return null;
        }

        var leaf = X509Certificate2.CreateFromPem(certificates, key);
        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(certificates);
        chain.RemoveAt(0); // the leaf, again
        return new(SslStreamCertificateContext.Create(leaf, chain, offline: true), leaf.PublicKey.Oid.Value == "1.2.840.10045.2.1");
    }
}
