using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Formats.Asn1;
using IngressController.Cluster;
using IngressController.Cluster.Resources;

namespace IngressController.Certificates;

/// <summary>What became of a Secret with a certificate.</summary>
/// <param name="Certificate">Null where none can be served.</param>
/// <param name="Why">What is wrong in that case; goes after <c>Secret shop/web</c>.</param>
internal sealed record LoadedSecret(LoadedCertificate? Certificate, string Why)
{
    /// <summary>A chain takes a hundredth. What is larger is no chain, and reading a megabyte of certificates would hold others up.</summary>
    private const int MostBytes = 256 * 1024;

    /// <summary>More than any path to a root; ends circles.</summary>
    private const int LongestChain = 10;

    /// <summary>Total: whatever the Secret holds, it costs a few milliseconds and never an exception.</summary>
    public static LoadedSecret Of(Secret secret)
    {
        var (certificates, key) = (secret.Data.GetValueOrDefault("tls.crt"), secret.Data.GetValueOrDefault("tls.key"));
        var why = certificates.IsEmpty ? "has no tls.crt"
            : key.IsEmpty ? "has no tls.key"
            : certificates.Count > MostBytes ? $"has a tls.crt of {certificates.Count} bytes; more than {MostBytes} are not read"
            : key.Count > MostBytes ? $"has a tls.key of {key.Count} bytes; more than {MostBytes} are not read"
            : "";
        if (why.Length > 0)
        {
            return new(null, why);
        }

        var step = "has a tls.key that is no private key in PEM";
        try
        {
            using var privateKey = ServerKey.TryRead(key.AsSpan(), out why);
            if (privateKey is null)
            {
                return new(null, why);
            }

            step = "has a tls.crt that holds no certificates in PEM";
            var found = ReadCertificates(certificates.AsSpan());
            step = "cannot be used";
            return found.Count == 0 ? new(null, "has no certificate in its tls.crt") : Join(privateKey, found);
        }
        catch (Exception e) when (e is CryptographicException or AsnContentException or FormatException or ArgumentException or NotSupportedException)
        {
            return new(null, step);
        }
    }

    private static List<X509Certificate2> ReadCertificates(ReadOnlySpan<byte> pem) =>
        [.. from block in PemBlock.ReadAll(pem) where block.Label is "CERTIFICATE" or "X509 CERTIFICATE" select X509CertificateLoader.LoadCertificate(block.Content)];

    private static LoadedSecret Join(ServerKey key, List<X509Certificate2> found)
    {
        if (found.Find(key.Fits) is not { } leaf)
        {
            return new(null, "has a tls.key that does not belong to its tls.crt");
        }

        var chain = ChainOf(leaf, found);
        if (chain.Prepend(leaf).FirstOrDefault(one => one.SignatureAlgorithm.Value is Oids.RsaWithSha1 or Oids.EcdsaWithSha1 && !IsSelfSigned(one)) is not null)
        {
            return new(null, "has a certificate signed with SHA-1, with which no handshake succeeds");
        }

        return new(new LoadedCertificate(key.With(leaf), [.. chain]), "");
    }

    /// <summary>From the leaf's issuer up, in whatever order they stand, and without what leads nowhere.</summary>
    private static List<X509Certificate2> ChainOf(X509Certificate2 leaf, List<X509Certificate2> found)
    {
        var chain = new List<X509Certificate2>();
        for (var last = leaf; chain.Count < LongestChain && !IsSelfSigned(last); last = chain[^1])
        {
            var issuer = last.IssuerName.RawData;
            if (found.Find(one => !chain.Contains(one) && one.SubjectName.RawData.AsSpan().SequenceEqual(issuer)) is not { } next)
            {
                break;
            }

            chain.Add(next);
        }

        return chain;
    }

    private static bool IsSelfSigned(X509Certificate2 certificate) => certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData);
}
