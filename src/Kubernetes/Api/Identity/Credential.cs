using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace IngressController.Kubernetes.Api.Identity;

/// <summary>What we show to the API server.</summary>
/// <param name="Certificate">Shown when a connection is opened: another one needs another connection.</param>
internal sealed record Credential(AuthenticationHeaderValue? Authorization, ClientCertificate? Certificate)
{
    /// <summary>Secrets do not print.</summary>
    public override string ToString() => nameof(Credential);
}

/// <summary>Where the credential comes from. Thread-safe.</summary>
internal interface ICredentialSource
{
    /// <exception cref="ConnectionException">There is none to be had now.</exception>
    Task<Credential> GetAsync(TimeProvider time, CancellationToken cancellationToken);

    /// <summary>The API server does not accept it (401): the next one is obtained anew.</summary>
    void Refuse(Credential credential);
}

/// <summary>A certificate with its key and the certificates between it and the authority.</summary>
internal sealed class ClientCertificate
{
    private readonly string certificate;
    private readonly string key;

    private ClientCertificate(string certificate, string key, SslStreamCertificateContext context) =>
        (this.certificate, this.key, Context) = (certificate, key, context);

    public SslStreamCertificateContext Context { get; }

    /// <param name="certificate">PEM, our own certificate first.</param>
    /// <param name="key">PEM.</param>
    /// <param name="where">Who says them, for the message.</param>
    public static ClientCertificate Of(string certificate, string key, string where)
    {
        try
        {
            var chain = new X509Certificate2Collection();
            chain.ImportFromPem(certificate);
            return new(certificate, key, SslStreamCertificateContext.Create(X509Certificate2.CreateFromPem(certificate, key), chain, offline: true));
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new ConnectionException($"{where}: the client certificate and key cannot be used: {e.Message}. Both must be PEM and belong together", e);
        }
    }

    public bool Is(string otherCertificate, string otherKey) => certificate == otherCertificate && key == otherKey;
}
