using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace IngressController.Certificates.Acme.Dns;

/// <param name="Name">Without a final dot: <c>_acme-challenge.shop.example.com</c>.</param>
/// <param name="Value">43 characters of base64url.</param>
internal sealed record TxtRecord(string Name, string Value)
{
    /// <summary>What proves control of a host (RFC 8555 section 8.4).</summary>
    /// <param name="host">Without <c>*.</c>.</param>
    public static TxtRecord Of(string host, string keyAuthorization) =>
        new($"_acme-challenge.{host}", Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(keyAuthorization))));
}
