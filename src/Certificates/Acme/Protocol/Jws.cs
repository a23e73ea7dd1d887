using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace IngressController.Certificates.Acme.Protocol;

/// <summary>Signed messages as RFC 8555 section 6.2 has them: flattened JSON (RFC 7515 section 7.2.2) with everything in the protected header.</summary>
internal static class Jws
{
    /// <summary>By a key that the authority does not know yet, or of a certificate.</summary>
    /// <param name="nonce">Null: in an inner message, which has none.</param>
    public static JsonObject WithKey(SigningKey key, string? nonce, Uri url, string payload) =>
        Sign(Header(key.Algorithm, "jwk", JsonNode.Parse(key.Jwk)!, nonce, url), payload, key.Sign);

    /// <summary>By the key of an account.</summary>
    public static JsonObject WithAccount(SigningKey key, Uri account, string nonce, Uri url, string payload) =>
        Sign(Header(key.Algorithm, "kid", account.OriginalString, nonce, url), payload, key.Sign);

    /// <summary>Binds a key to an external account: RFC 8555 section 7.3.4.</summary>
    public static JsonObject OfExternalAccount(ExternalAccount external, SigningKey key, Uri url) =>
        Sign(Header("HS256", "kid", external.KeyId, null, url), key.Jwk, bytes => HMACSHA256.HashData(external.Key.AsSpan(), bytes));

    /// <summary>Letters of RFC 4648 section 5 without padding, as nonces and tokens are made of (RFC 8555 sections 6.5.1 and 8.1): how many there are does not matter, as nobody decodes them.</summary>
    public static bool IsBase64Url(string text) => text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_');

    private static JsonObject Header(string algorithm, string who, JsonNode value, string? nonce, Uri url)
    {
        var header = new JsonObject { ["alg"] = algorithm, [who] = value, ["url"] = url.OriginalString };
        if (nonce is not null)
        {
            header["nonce"] = nonce;
        }

        return header;
    }

    private static JsonObject Sign(JsonObject header, string payload, Func<byte[], byte[]> sign)
    {
        var (first, second) = (Encode(header.ToJsonString()), Encode(payload));
        return new()
        {
            ["protected"] = first,
            ["payload"] = second,
            ["signature"] = Base64Url.EncodeToString(sign(Encoding.ASCII.GetBytes($"{first}.{second}"))),
        };
    }

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
