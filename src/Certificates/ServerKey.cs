using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace IngressController.Certificates;

/// <summary>A private key for handshakes: RSA or ECDSA, out of PKCS#1, PKCS#8 or SEC1.</summary>
internal sealed class ServerKey : IDisposable
{
    /// <summary>What OpenSSL serves at its security level 2: a lesser key fails every handshake.</summary>
    private const int LeastRsaBits = 2048;
    private const int LeastCurveBits = 224;

    /// <summary>Handshakes with it take tens of milliseconds of CPU; the time grows with the cube of the bits, and whoever writes a Secret would spend everybody's.</summary>
    private const int MostRsaBits = 8192;

    private readonly RSA? rsa;
    private readonly ECDsa? curve;

    /// <summary>Of the RSA key.</summary>
    private readonly ReadOnlyMemory<byte> modulus;

    private ServerKey(RSA? rsa, ECDsa? curve, ReadOnlyMemory<byte> modulus = default) => (this.rsa, this.curve, this.modulus) = (rsa, curve, modulus);

    /// <param name="why">What is wrong where the result is null; goes after <c>Secret shop/web</c>.</param>
    /// <exception cref="CryptographicException">The key is broken. So say <see cref="AsnContentException"/> and <see cref="FormatException"/>.</exception>
    public static ServerKey? TryRead(ReadOnlySpan<byte> pem, out string why)
    {
        // A file may begin with parameters of a curve, or hold the certificates too.
        var block = PemBlock.ReadAll(pem).Find(block => block.Label.EndsWith("PRIVATE KEY", StringComparison.Ordinal));
        why = block is null ? "has no private key in its tls.key" : block.IsEncrypted ? "has an encrypted tls.key, for which nobody knows the password" : "";
        var key = why.Length == 0 ? Read(block!, out why) : null;
        why = why.Length > 0 ? why : key!.Weakness();
        if (why.Length == 0)
        {
            return key;
        }

        key?.Dispose();
        return null;
    }

    /// <summary>Compares what is public of the two; the platform has made sure that the private part belongs to it.</summary>
    public bool Fits(X509Certificate2 certificate)
    {
        var shown = certificate.PublicKey;
        if (rsa is not null)
        {
            return shown.Oid.Value == Oids.Rsa && HasNumbersOf(shown.EncodedKeyValue.RawData);
        }

        using var point = shown.Oid.Value == Oids.EllipticCurve ? certificate.GetECDsaPublicKey() : null;
        return point is not null && point.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(curve!.ExportSubjectPublicKeyInfo());
    }

    /// <summary>RFC 8017 appendix A.1.1: modulus and exponent.</summary>
    private bool HasNumbersOf(byte[] publicKey)
    {
        var numbers = new AsnReader(publicKey, AsnEncodingRules.DER).ReadSequence();
        return numbers.ReadIntegerBytes().Span.SequenceEqual(modulus.Span)
            && numbers.ReadIntegerBytes().Span.TrimStart((byte)0).SequenceEqual(rsa!.ExportParameters(includePrivateParameters: false).Exponent.AsSpan().TrimStart((byte)0));
    }

    /// <param name="certificate">One that the key <see cref="Fits"/>.</param>
    public X509Certificate2 With(X509Certificate2 certificate) => rsa is not null ? certificate.CopyWithPrivateKey(rsa) : certificate.CopyWithPrivateKey(curve!);

    public void Dispose()
    {
        rsa?.Dispose();
        curve?.Dispose();
    }

    private static ServerKey? Read(PemBlock block, out string why)
    {
        var isPkcs8 = block.Label == "PRIVATE KEY";
        var algorithm = block.Label switch
        {
            "RSA PRIVATE KEY" => Oids.Rsa,
            "EC PRIVATE KEY" => Oids.EllipticCurve,
            _ => isPkcs8 ? AlgorithmOf(block.Content) : block.Label,
        };
        why = "";
        switch (algorithm)
        {
            case Oids.Rsa:
                var modulus = ModulusOf(block.Content, isPkcs8);
                if (modulus.Length > (MostRsaBits / 8) + 1) // before the platform looks at it; the one is the sign's
                {
                    why = $"has an RSA key of {(modulus.Length - 1) * 8} bits, with which each handshake would take long; at most {MostRsaBits} are taken";
                    return null;
                }

                var rsa = new ServerKey(RSA.Create(), null, modulus);
                rsa.Import(block.Content, isPkcs8);
                return rsa;
            case Oids.EllipticCurve:
                var curve = new ServerKey(null, ECDsa.Create());
                curve.Import(block.Content, isPkcs8);
                return curve;
            default:
                why = $"has a tls.key of the kind {Oids.NameOf(algorithm)}, which cannot be served here; RSA and ECDSA can";
                return null;
        }
    }

    private void Import(byte[] content, bool isPkcs8)
    {
        if (isPkcs8)
        {
            ((AsymmetricAlgorithm?)rsa ?? curve!).ImportPkcs8PrivateKey(content, out _);
        }
        else
        {
            rsa?.ImportRSAPrivateKey(content, out _);
            curve?.ImportECPrivateKey(content, out _);
        }
    }

    /// <summary>RFC 5208: the object identifier stands after the version.</summary>
    private static string AlgorithmOf(byte[] pkcs8)
    {
        var key = new AsnReader(pkcs8, AsnEncodingRules.BER).ReadSequence();
        key.ReadInteger();
        return key.ReadSequence().ReadObjectIdentifier();
    }

    /// <summary>RFC 8017 appendix A.1.2: it stands after the version, with a sign; in PKCS#8 all that is a string after the algorithm.</summary>
    private static ReadOnlyMemory<byte> ModulusOf(byte[] content, bool isPkcs8)
    {
        var key = new AsnReader(content, AsnEncodingRules.BER).ReadSequence();
        key.ReadInteger();
        if (isPkcs8)
        {
            key.ReadSequence();
            key = new AsnReader(key.ReadOctetString(), AsnEncodingRules.BER).ReadSequence();
            key.ReadInteger();
        }

        return key.ReadIntegerBytes();
    }

    private string Weakness() =>
        rsa is { KeySize: < LeastRsaBits } ? $"has an RSA key of {rsa.KeySize} bits, with which no handshake succeeds; it takes {LeastRsaBits}"
        : curve is { KeySize: < LeastCurveBits } ? $"has a key on a curve of {curve.KeySize} bits, with which no handshake succeeds; it takes {LeastCurveBits}"
        : "";
}
