using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using IngressController.Routing.Model;

namespace IngressController.Proxy.Clients;

/// <summary>Who vouches for clients, and what they have taken back since.</summary>
internal sealed class ClientAuthorities
{
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    private const X509ChainStatusFlags OfTrust = X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.UntrustedRoot;

    private readonly RevocationList[] revocations;

    private ClientAuthorities(X509Certificate2Collection trusted, RevocationList[] revocations) => (Trusted, this.revocations) = (trusted, revocations);

    public X509Certificate2Collection Trusted { get; }

    /// <param name="authorities">PEM</param>
    /// <param name="revocations">PEM; empty: nothing is taken back.</param>
    /// <exception cref="CryptographicException">They cannot be read.</exception>
    public static ClientAuthorities Read(ReadOnlySpan<byte> authorities, ReadOnlySpan<byte> revocations)
    {
        var trusted = new X509Certificate2Collection();
        trusted.ImportFromPem(Encoding.UTF8.GetString(authorities));
        var lists = RevocationList.ReadAll(Encoding.UTF8.GetString(revocations));
        return trusted.Count == 0 || (!revocations.IsEmpty && lists.Length == 0)
            ? throw new CryptographicException(trusted.Count == 0 ? "no certificates" : "no revocation lists in ca.crl")
            : new(trusted, lists);
    }

    /// <param name="shown">DER, the leaf among it.</param>
    /// <param name="depth">The most certificates between the leaf and what is trusted, as OpenSSL counts: neither of the two.</param>
    /// <returns>
    /// What is wrong, in the words of OpenSSL, or null; whether all that is wrong is that nobody trusted vouches for it; and until when that holds.
    /// </returns>
    public (string? Failure, bool IsOfTrust, DateTimeOffset Until) Verify(X509Certificate2 leaf, IReadOnlyList<byte[]> shown, int depth, DateTimeOffset now)
    {
        using var chain = new X509Chain
        {
            ChainPolicy =
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck, // done below: the framework takes no lists
                DisableCertificateDownloads = true, // a client decides no address that we fetch from
                VerificationTime = now.LocalDateTime,
            },
        };
        chain.ChainPolicy.CustomTrustStore.AddRange(Trusted);
        chain.ChainPolicy.ApplicationPolicy.Add(new(ClientAuthentication));
        foreach (var certificate in shown.Skip(1))
        {
            chain.ChainPolicy.ExtraStore.Add(X509CertificateLoader.LoadCertificate(certificate));
        }

        var isGood = chain.Build(leaf);
        var path = chain.ChainElements.Select(element => element.Certificate).ToList();
        var (failure, until) = isGood ? Revoked(path, now) : (Words(chain, leaf, now), DateTimeOffset.MaxValue);
        failure ??= path.Count - 2 > depth ? "certificate chain too long" : null;
        until = path.Select(certificate => new DateTimeOffset(certificate.NotAfter)).Append(until).Min();
        var isOfTrust = !isGood && chain.ChainStatus.All(status => (status.Status & ~OfTrust) == 0);
        path.ForEach(certificate => certificate.Dispose());
        return (failure, isOfTrust, failure is null || isOfTrust ? until : DateTimeOffset.MaxValue);
    }

    /// <summary>As nginx with <c>ssl_crl</c>: every certificate below the root must have a list that is valid now.</summary>
    private (string? Failure, DateTimeOffset Until) Revoked(List<X509Certificate2> path, DateTimeOffset now)
    {
        var until = DateTimeOffset.MaxValue;
        if (revocations.Length == 0)
        {
            return (null, until);
        }

        for (var index = 0; index < path.Count - 1; index++)
        {
            var lists = revocations.Where(list => list.IsSignedBy(path[index + 1])).ToList();
            if (lists.Exists(list => list.Contains(path[index])))
            {
                return ("certificate revoked", until);
            }

            var current = lists.Where(list => list.From <= now && now < list.Until).ToList();
            if (current.Count == 0)
            {
                return (lists.Count == 0 ? "unable to get certificate CRL" : "CRL has expired", until);
            }

            var last = current.Max(list => list.Until);
            until = last < until ? last : until;
        }

        return (null, until);
    }

    private static string Words(X509Chain chain, X509Certificate2 leaf, DateTimeOffset now)
    {
        var wrong = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, status) => all | status.Status);
        return wrong.HasFlag(X509ChainStatusFlags.NotSignatureValid) ? "certificate signature failure"
            : wrong.HasFlag(X509ChainStatusFlags.NotTimeValid) ? now < leaf.NotBefore ? "certificate is not yet valid" : "certificate has expired"
            : wrong.HasFlag(X509ChainStatusFlags.NotValidForUsage) ? "unsuitable certificate purpose"
            : wrong.HasFlag(X509ChainStatusFlags.InvalidBasicConstraints) ? "invalid CA certificate"
            : wrong.HasFlag(X509ChainStatusFlags.UntrustedRoot) ? chain.ChainElements.Count == 1 ? "self-signed certificate" : "self-signed certificate in certificate chain"
            : wrong.HasFlag(X509ChainStatusFlags.PartialChain) ? "unable to get local issuer certificate"
            : "certificate rejected";
    }
}
