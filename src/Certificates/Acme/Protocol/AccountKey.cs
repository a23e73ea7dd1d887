using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace IngressController.Certificates.Acme.Protocol;

/// <summary>The key that an account signs with: ECDSA P-256 (ES256 of RFC 7518). Thread-safe.</summary>
internal sealed class AccountKey : IDisposable
{
    private AccountKey(SigningKey signing)
    {
        Signing = signing;
        Thumbprint = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(signing.Jwk)));
    }

    /// <summary>PKCS#8.</summary>
    public string Pem => Signing.Pem;

    /// <summary>RFC 7638: SHA-256 in base64url.</summary>
    public string Thumbprint { get; }

    internal SigningKey Signing { get; }

    public static AccountKey Create() => new(SigningKey.Create(CertificateKeyType.EcdsaP256));

    /// <exception cref="FormatException">It is no ECDSA P-256 key.</exception>
    public static AccountKey Read(string pem)
    {
        var signing = SigningKey.Read(pem);
        return signing.Algorithm == "ES256" ? new(signing) : throw new FormatException("it is no ECDSA P-256 key");
    }

    /// <summary>What proves control of a host: RFC 8555 section 8.1.</summary>
    public string Authorize(string token) => $"{token}.{Thumbprint}";

    public void Dispose() => Signing.Dispose();
}
