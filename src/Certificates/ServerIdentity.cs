using System.Formats.Asn1;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using IngressController.Cluster;

namespace IngressController.Certificates;

/// <summary>A certificate with its chain and key, out of <c>tls.crt</c> and <c>tls.key</c>.</summary>
internal sealed class ServerIdentity : IDisposable
{
    /// <summary>A chain takes a hundredth. What is larger is no chain, and reading a megabyte of certificates would hold others up.</summary>
    private const int MostBytes = 256 * 1024;

    /// <summary>More than any path to a root; ends circles.</summary>
    private const int LongestChain = 10;

    private readonly ServerKey key;
    private readonly List<X509Certificate2> found;

    /// <summary>From the leaf's issuer up. A root among it is not sent, but known as the issuer.</summary>
    private readonly List<X509Certificate2> chain;

    private ServerIdentity(ServerKey key, X509Certificate2 leaf, List<X509Certificate2> found)
    {
        (this.key, Leaf, this.found) = (key, leaf, found);
        chain = ChainOf(leaf, found);
    }

    /// <summary>Without its key.</summary>
    public X509Certificate2 Leaf { get; }

    /// <summary>Total: whatever is given, it costs a few milliseconds and never an exception.</summary>
    /// <param name="why">What is wrong where the result is null; goes after <c>Secret shop/web</c>.</param>
    public static ServerIdentity? TryRead(EquatableArray<byte> certificates, EquatableArray<byte> privateKey, out string why)
    {
        why = certificates.IsEmpty ? "has no tls.crt"
            : privateKey.IsEmpty ? "has no tls.key"
            : certificates.Count > MostBytes ? $"has a tls.crt of {certificates.Count} bytes; more than {MostBytes} are not read"
            : privateKey.Count > MostBytes ? $"has a tls.key of {privateKey.Count} bytes; more than {MostBytes} are not read"
            : "";
        if (why.Length > 0)
        {
            return null;
        }

        var step = "has a tls.key that is no private key in PEM";
        ServerKey? key = null;
        var found = new List<X509Certificate2>();
        try
        {
            key = ServerKey.TryRead(privateKey.AsSpan(), out why);
            if (key is not null)
            {
                step = "has a tls.crt that holds no certificates in PEM";
                ReadCertificates(certificates.AsSpan(), found);
                step = "cannot be used";
                if (Join(key, found, out why) is { } identity)
                {
                    return identity;
                }
            }
        }
        catch (Exception e) when (IsOfContent(e))
        {
            why = step;
        }

        key?.Dispose();
        found.ForEach(certificate => certificate.Dispose());
        return null;
    }

    /// <summary>What the framework throws at files of others.</summary>
    public static bool IsOfContent(Exception e) => e is CryptographicException or AsnContentException or FormatException or ArgumentException or NotSupportedException;

    /// <summary>Makes it ready for handshakes. Nothing is waited for.</summary>
    /// <param name="clients">Whose certificates clients are asked for; null: they are not asked.</param>
    /// <param name="staples">The responder that the certificate names is asked about revocation, in the background.</param>
    /// <exception cref="Exception">One that <see cref="IsOfContent"/>.</exception>
    public SslStreamCertificateContext CreateContext(SslCertificateTrust? clients, bool staples)
    {
        if (!staples)
        {
            return SslStreamCertificateContext.Create(key.With(Leaf), [.. chain], offline: true, clients);
        }

        // Fetching an answer takes the issuer and the root. The framework would also fetch certificates that are missing between them, while it keeps everybody
        // waiting, from addresses that the certificates name: so it may use the network only where none is missing. It looks for roots among those of clients, if there are any.
        using var path = new X509Chain { ChainPolicy = { RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true, VerificationFlags = X509VerificationFlags.AllFlags } };
        path.ChainPolicy.ExtraStore.AddRange(chain.ToArray());
        path.Build(Leaf);
        var issuers = path.ChainElements.Skip(1).Select(element => element.Certificate).ToArray();
        var isWhole = path.ChainStatus.All(status => !status.Status.HasFlag(X509ChainStatusFlags.PartialChain));
        var context = SslStreamCertificateContext.Create(key.With(Leaf), [.. isWhole ? issuers : chain.ToArray()], offline: !isWhole, clients);
        Array.ForEach(issuers, issuer => issuer.Dispose());
        return context;
    }

    public void Dispose()
    {
        key.Dispose();
        found.ForEach(certificate => certificate.Dispose());
    }

    private static void ReadCertificates(ReadOnlySpan<byte> pem, List<X509Certificate2> found)
    {
        foreach (var block in PemBlock.ReadAll(pem))
        {
            if (block.Label is "CERTIFICATE" or "X509 CERTIFICATE")
            {
                found.Add(X509CertificateLoader.LoadCertificate(block.Content));
            }
        }
    }

    private static ServerIdentity? Join(ServerKey key, List<X509Certificate2> found, out string why)
    {
        var identity = found.Find(key.Fits) is { } leaf ? new ServerIdentity(key, leaf, found) : null;
        why = found.Count == 0 ? "has no certificate in its tls.crt"
            : identity is null ? "has a tls.key that does not belong to its tls.crt"
            : identity.chain.Prepend(identity.Leaf).Any(IsSignedBySha1) ? "has a certificate signed with SHA-1, with which no handshake succeeds"
            : "";
        return why.Length == 0 ? identity : null;
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

    private static bool IsSignedBySha1(X509Certificate2 certificate) => certificate.SignatureAlgorithm.Value is Oids.RsaWithSha1 or Oids.EcdsaWithSha1 && !IsSelfSigned(certificate);

    private static bool IsSelfSigned(X509Certificate2 certificate) => certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData);
}
