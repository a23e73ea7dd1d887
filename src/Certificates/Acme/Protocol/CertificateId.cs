using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace IngressController.Certificates.Acme.Protocol;

/// <summary>RFC 9773 section 4.1: base64url of the key that issued a certificate, a point, base64url of its serial number.</summary>
internal static class CertificateId
{
    /// <returns>Null: the certificate does not name its issuer's key.</returns>
    public static string? Of(X509Certificate2 leaf)
    {
        try
        {
            return leaf.Extensions.OfType<X509AuthorityKeyIdentifierExtension>().FirstOrDefault()?.KeyIdentifier is { } issuer
                ? $"{Base64Url.EncodeToString(issuer.Span)}.{Base64Url.EncodeToString(leaf.SerialNumberBytes.Span)}"
                : null;
        }
        catch (CryptographicException)
        {
            return null; // it names something that is no key
        }
    }
}
