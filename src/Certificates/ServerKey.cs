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

    private readonly RSA? rsa;
    private readonly ECDsa? curve;

    private ServerKey(RSA? rsa, ECDsa? curve) => (this.rsa, this.curve) = (rsa, curve);

    public bool IsEcdsa => curve is not null;

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

    public bool Fits(X509Certificate2 certificate)
    {
        if (rsa is not null)
        {
            using var shown = certificate.PublicKey.Oid.Value == Oids.Rsa ? certificate.GetRSAPublicKey() : null;
            return shown is not null && shown.ExportParameters(false).Modulus.AsSpan().SequenceEqual(rsa.ExportParameters(false).Modulus);
        }

        using var point = certificate.PublicKey.Oid.Value == Oids.EllipticCurve ? certificate.GetECDsaPublicKey() : null;
        return point is not null && point.ExportParameters(false).Q.X.AsSpan().SequenceEqual(curve!.ExportParameters(false).Q.X);
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
        var algorithm = block.Label switch
        {
            "RSA PRIVATE KEY" => Oids.Rsa,
            "EC PRIVATE KEY" => Oids.EllipticCurve,
            "PRIVATE KEY" => AlgorithmOf(block.Content),
            _ => block.Label,
        };
        why = "";
        switch (algorithm)
        {
            case Oids.Rsa:
                var rsa = new ServerKey(RSA.Create(), null);
                rsa.rsa!.ImportFromPem(PemEncoding.WriteString(block.Label, block.Content));
                return rsa;
            case Oids.EllipticCurve:
                var curve = new ServerKey(null, ECDsa.Create());
                curve.curve!.ImportFromPem(PemEncoding.WriteString(block.Label, block.Content));
                return curve;
            default:
                why = $"has a tls.key of the kind {Oids.NameOf(algorithm)}, which cannot be served here; RSA and ECDSA can";
                return null;
        }
    }

    /// <summary>RFC 5208: the object identifier stands after the version.</summary>
    private static string AlgorithmOf(byte[] pkcs8)
    {
        var key = new AsnReader(pkcs8, AsnEncodingRules.BER).ReadSequence();
        key.ReadInteger();
        return key.ReadSequence().ReadObjectIdentifier();
    }

    private string Weakness() =>
        rsa is { KeySize: < LeastRsaBits } ? $"has an RSA key of {rsa.KeySize} bits, with which no handshake succeeds; it takes {LeastRsaBits}"
        : curve is { KeySize: < LeastCurveBits } ? $"has a key on a curve of {curve.KeySize} bits, with which no handshake succeeds; it takes {LeastCurveBits}"
        : "";
}
