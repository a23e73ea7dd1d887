using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace IngressController.Testing.Acme.Protocol;

/// <summary>A public key out of a JWK (RFC 7517), for the algorithms that authorities take.</summary>
internal sealed class JwsKey
{
    private readonly Func<byte[], byte[], bool> verify;

    private JwsKey(string algorithm, string canonical, byte[] subjectPublicKey, Func<byte[], byte[], bool> verify)
    {
        this.verify = verify;
        Algorithm = algorithm;
        SubjectPublicKey = Convert.ToHexString(subjectPublicKey);
        Thumbprint = Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)));
    }

    public string Algorithm { get; }

    /// <summary>RFC 7638.</summary>
    public string Thumbprint { get; }

    /// <summary>SubjectPublicKeyInfo in hexadecimal: the same for the same key.</summary>
    public string SubjectPublicKey { get; }

    public bool Verifies(byte[] signed, byte[] signature) => verify(signed, signature);

    public static JwsKey Read(JsonNode? jwk)
    {
        var members = jwk as JsonObject ?? throw new AcmeRefusal(400, "badPublicKey", "the JWK is no object");
        if (members.ContainsKey("d"))
        {
            throw new AcmeRefusal(400, "badPublicKey", "the JWK has a private key in it");
        }

        try
        {
            return (string?)members["kty"] switch
            {
                "EC" => OfCurve(members),
                "RSA" => OfRsa(members),
                var other => throw new AcmeRefusal(400, "badPublicKey", $"kty {other} is not taken"),
            };
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            throw new AcmeRefusal(400, "badPublicKey", $"the JWK is broken: {e.Message}");
        }
    }

    private static JwsKey OfCurve(JsonObject jwk)
    {
        var (curve, size, hash, algorithm) = (string?)jwk["crv"] switch
        {
            "P-256" => (ECCurve.NamedCurves.nistP256, 32, HashAlgorithmName.SHA256, "ES256"),
            "P-384" => (ECCurve.NamedCurves.nistP384, 48, HashAlgorithmName.SHA384, "ES384"),
            var other => throw new AcmeRefusal(400, "badPublicKey", $"crv {other} is not taken"),
        };
        var (x, y) = (Number(jwk, "x"), Number(jwk, "y"));
        if (x.Length != size || y.Length != size)
        {
            throw new AcmeRefusal(400, "badPublicKey", $"x and y must have {size} octets (RFC 7518 section 6.2.1.2)");
        }

        var key = ECDsa.Create(new ECParameters { Curve = curve, Q = new() { X = x, Y = y } });
        var canonical = $$"""{"crv":"{{jwk["crv"]}}","kty":"EC","x":"{{jwk["x"]}}","y":"{{jwk["y"]}}"}""";
        return new(algorithm, canonical, key.ExportSubjectPublicKeyInfo(), (signed, signature) => signature.Length == 2 * size && key.VerifyData(signed, signature, hash));
    }

    private static JwsKey OfRsa(JsonObject jwk)
    {
        var key = RSA.Create(new RSAParameters { Modulus = Number(jwk, "n"), Exponent = Number(jwk, "e") });
        var canonical = $$"""{"e":"{{jwk["e"]}}","kty":"RSA","n":"{{jwk["n"]}}"}""";
        return new("RS256", canonical, key.ExportSubjectPublicKeyInfo(), (signed, signature) => key.VerifyData(signed, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    private static byte[] Number(JsonObject jwk, string name) => JwsMessage.Decode((string?)jwk[name] ?? throw new AcmeRefusal(400, "badPublicKey", $"the JWK lacks {name}"));
}
