using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using IngressController.Cluster;
using IngressController.Routing.Model;

namespace IngressController.Proxy.Forwarding;

/// <summary>
/// TLS to destinations. It is spoken here and not by SocketsHttpHandler, which takes the name in SNI and the name to verify from the Host header: that is
/// the client's word for the site, not the backend's name.
/// </summary>
internal sealed class UpstreamHandshake
{
    private readonly UpstreamIdentity identity;
    private readonly bool isHttp2;
    private readonly X509ChainPolicy trust;
    private readonly SslStreamCertificateContext? ours;

    /// <exception cref="System.Security.Cryptography.CryptographicException">A certificate or key cannot be read.</exception>
    public UpstreamHandshake(UpstreamIdentity identity, bool isHttp2)
    {
        (this.identity, this.isHttp2) = (identity, isHttp2);
        trust = Trust(identity.Authorities);
        ours = identity.Certificate.IsEmpty ? null : Ours(Text(identity.Certificate), Text(identity.Key));
    }

    /// <exception cref="AuthenticationException">It failed; the message says why.</exception>
    public async Task<Stream> ShakeHandsAsync(Stream connection, CancellationToken cancellationToken)
    {
        string? refusal = null;
        var stream = new SslStream(connection, leaveInnerStreamOpen: false, (_, certificate, chain, errors) =>
        {
            refusal = WhyRefused(certificate as X509Certificate2, chain, errors);
            return refusal is null;
        });
        try
        {
            await stream.AuthenticateAsClientAsync(Options(), cancellationToken);
            return isHttp2 && stream.NegotiatedApplicationProtocol != SslApplicationProtocol.Http2
                ? throw new AuthenticationException("it does not take HTTP/2 (no h2 in ALPN)")
                : stream;
        }
        catch (Exception e)
        {
            await stream.DisposeAsync();
            if (e is AuthenticationException or IOException)
            {
                throw new AuthenticationException(refusal ?? e.GetBaseException().Message, e);
            }

            throw;
        }
    }

    /// <summary>Made for each handshake, because a policy takes in what the other side sends.</summary>
    private SslClientAuthenticationOptions Options() => new()
    {
        TargetHost = identity.ServerName,
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        ApplicationProtocols = [isHttp2 ? SslApplicationProtocol.Http2 : SslApplicationProtocol.Http11],
        CertificateChainPolicy = trust.Clone(),
        ClientCertificateContext = ours,
    };

    /// <summary>The name is compared here, because it need not be the one in SNI.</summary>
    private string? WhyRefused(X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (!identity.Verifies)
        {
            return null; // asked for in words: UpstreamTls.Verifies
        }

        if (certificate is null || chain is null)
        {
            return "it shows no certificate";
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors))
        {
            return $"its certificate {certificate.Subject} is not trusted: "
                + string.Join(", ", chain.ChainStatus.Select(status => status.StatusInformation.Trim()).Distinct());
        }

        if (!certificate.MatchesHostname(identity.Name))
        {
            return $"its certificate {certificate.Subject} is not for {identity.Name}";
        }

        var between = chain.ChainElements.Count - 2; // neither its own nor the trusted one; -1 where it is trusted itself
        return identity.Depth is { } most && between > most ? $"there are {between} certificates between its own and the authority, more than {most}" : null;
    }

    /// <summary>Nothing is fetched over the network for a handshake: neither missing certificates nor revocation lists.</summary>
    private static X509ChainPolicy Trust(EquatableArray<byte> authorities)
    {
        var policy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        if (!authorities.IsEmpty)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.ImportFromPem(Text(authorities));
        }

        return policy;
    }

    private static SslStreamCertificateContext Ours(string certificates, string key)
    {
        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(certificates);
        return SslStreamCertificateContext.Create(X509Certificate2.CreateFromPem(certificates, key), chain, offline: true);
    }

    private static string Text(EquatableArray<byte> pem) => Encoding.UTF8.GetString(pem.AsSpan());
}
