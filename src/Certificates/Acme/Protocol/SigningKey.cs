using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace IngressController.Certificates.Acme.Protocol;

/// <summary>A private key that signs requests (RFC 7518): ECDSA P-256 or P-384, or RSA. Thread-safe.</summary>
internal sealed class SigningKey : IDisposable
{
    private readonly Lock gate = new();
    private readonly AsymmetricAlgorithm key;

    private SigningKey(AsymmetricAlgorithm key)
    {
        this.key = key;
        (Algorithm, Jwk) = key is RSA rsa ? ("RS256", JwkOf(rsa)) : (key.KeySize == 256 ? "ES256" : "ES384", JwkOf((ECDsa)key));
    }

    /// <summary>RFC 7518 section 3.1.</summary>
    public string Algorithm { get; }

    /// <summary>The public key (RFC 7517) as RFC 7638 has it hashed: the members that are needed, in order, without spaces.</summary>
    public string Jwk { get; }

    public int Size => key.KeySize;

    public bool IsRsa => key is RSA;

    public string Pem => Locked(() => key.ExportPkcs8PrivateKeyPem());

    public byte[] SubjectPublicKeyInfo => Locked(() => key.ExportSubjectPublicKeyInfo());

    public static SigningKey Create(CertificateKeyType type) => new(type switch
    {
        CertificateKeyType.EcdsaP256 => ECDsa.Create(ECCurve.NamedCurves.nistP256),
        CertificateKeyType.EcdsaP384 => ECDsa.Create(ECCurve.NamedCurves.nistP384),
        CertificateKeyType.Rsa2048 => RSA.Create(2048),
        _ => RSA.Create(4096),
    });

    /// <exception cref="FormatException">It is none of these keys.</exception>
    public static SigningKey Read(string pem)
    {
        try
        {
            var block = PemBlock.ReadAll(Encoding.UTF8.GetBytes(pem)).Find(block => block.Label == "PRIVATE KEY") ?? throw new FormatException("there is no PKCS#8 private key in it");
            return Import(ECDsa.Create(), block.Content) ?? Import(RSA.Create(), block.Content) ?? throw new FormatException("it is neither an RSA nor an ECDSA key");
        }
        catch (CryptographicException e)
        {
            throw new FormatException(e.Message, e);
        }
    }

    /// <summary>ECDSA in the fixed length of RFC 7518 section 3.4.</summary>
    public byte[] Sign(byte[] bytes) => Locked(() => key is RSA rsa
        ? rsa.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
        : ((ECDsa)key).SignData(bytes, key.KeySize == 256 ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA384, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));

    /// <param name="use">Gets the key for itself.</param>
    public T With<T>(Func<AsymmetricAlgorithm, T> use) => Locked(() => use(key));

    public void Dispose() => key.Dispose();

    private T Locked<T>(Func<T> use)
    {
        lock (gate)
        {
            return use();
        }
    }

    /// <returns>Null: it is a key of another algorithm.</returns>
    private static SigningKey? Import(AsymmetricAlgorithm key, byte[] pkcs8)
    {
        try
        {
            key.ImportPkcs8PrivateKey(pkcs8, out _);
        }
        catch (CryptographicException) when (key is ECDsa)
        {
            key.Dispose();
            return null;
        }

        return key is RSA or { KeySize: 256 or 384 } ? new(key) : throw new FormatException($"its curve of {key.KeySize} bits is not P-256 or P-384");
    }

    private static string JwkOf(ECDsa key)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return $$"""{"crv":"P-{{key.KeySize}}","kty":"EC","x":"{{Base64Url.EncodeToString(point.X)}}","y":"{{Base64Url.EncodeToString(point.Y)}}"}""";
    }

    private static string JwkOf(RSA key)
    {
        var numbers = key.ExportParameters(includePrivateParameters: false);
        return $$"""{"e":"{{Base64Url.EncodeToString(numbers.Exponent)}}","kty":"RSA","n":"{{Base64Url.EncodeToString(numbers.Modulus)}}"}""";
    }
}
