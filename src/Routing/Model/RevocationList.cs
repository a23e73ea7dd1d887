using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace IngressController.Routing.Model;

/// <summary>
/// A list of revoked certificates (RFC 5280 section 5), because the framework fetches lists but takes none. Lists that say only a part (with critical
/// extensions, as deltas and partitions have) are refused: who is not on them may be revoked all the same.
/// </summary>
public sealed class RevocationList
{
    private readonly byte[] signedPart;
    private readonly byte[] issuer;
    private readonly string algorithm;
    private readonly byte[] signature;
    private readonly HashSet<BigInteger> serials = [];

    private RevocationList(byte[] encoded)
    {
        var list = new AsnReader(encoded, AsnEncodingRules.DER).ReadSequence();
        signedPart = list.PeekEncodedValue().ToArray();
        var body = list.ReadSequence();
        algorithm = list.ReadSequence().ReadObjectIdentifier();
        signature = list.ReadBitString(out _);
        _ = body.PeekTag() == Asn1Tag.Integer ? body.ReadInteger() : 0; // version
        body.ReadSequence(); // the algorithm, again
        issuer = body.ReadEncodedValue().ToArray();
        From = ReadTime(body);
        Until = body.HasData && IsTime(body.PeekTag()) ? ReadTime(body) : DateTimeOffset.MaxValue;
        if (body.HasData && body.PeekTag() == Asn1Tag.Sequence)
        {
            ReadEntries(body.ReadSequence());
        }

        if (body.HasData)
        {
            RefuseCritical(body.ReadSequence(new Asn1Tag(TagClass.ContextSpecific, 0)).ReadSequence());
        }

        _ = Verify([], null, null); // refuses algorithms that are not known
    }

    /// <summary>When its authority says that it begins to hold.</summary>
    public DateTimeOffset From { get; }

    /// <summary>Then its authority has a newer one; the end of the calendar where it does not say.</summary>
    public DateTimeOffset Until { get; }

    /// <param name="pem">Whatever else stands in it is passed over.</param>
    /// <exception cref="CryptographicException">One of them cannot be read.</exception>
    public static RevocationList[] ReadAll(string pem)
    {
        var lists = new List<RevocationList>();
        for (var rest = pem.AsSpan(); PemEncoding.TryFind(rest, out var fields); rest = rest[fields.Location.End..])
        {
            if (rest[fields.Label] is not "X509 CRL")
            {
                continue;
            }

            try
            {
                lists.Add(new(Convert.FromBase64String(rest[fields.Base64Data].ToString())));
            }
            catch (AsnContentException e)
            {
                throw new CryptographicException($"a revocation list cannot be read: {e.Message}", e);
            }
        }

        return [.. lists];
    }

    /// <summary>Only what <see cref="IsSignedBy">its authority</see> has issued is meant by it.</summary>
    public bool Contains(X509Certificate2 certificate) => serials.Contains(new(certificate.SerialNumberBytes.Span, isUnsigned: false, isBigEndian: true));

    /// <summary>That authority, and nobody of its name, has written the list.</summary>
    public bool IsSignedBy(X509Certificate2 authority)
    {
        if (!authority.SubjectName.RawData.AsSpan().SequenceEqual(issuer))
        {
            return false;
        }

        using var ecdsa = authority.GetECDsaPublicKey();
        using var rsa = authority.GetRSAPublicKey();
        return Verify(signature, ecdsa, rsa);
    }

    private bool Verify(byte[] given, ECDsa? ecdsa, RSA? rsa)
    {
        return algorithm switch
        {
            "1.2.840.10045.4.3.2" => ByCurve(HashAlgorithmName.SHA256),
            "1.2.840.10045.4.3.3" => ByCurve(HashAlgorithmName.SHA384),
            "1.2.840.10045.4.3.4" => ByCurve(HashAlgorithmName.SHA512),
            "1.2.840.113549.1.1.11" => ByRsa(HashAlgorithmName.SHA256),
            "1.2.840.113549.1.1.12" => ByRsa(HashAlgorithmName.SHA384),
            "1.2.840.113549.1.1.13" => ByRsa(HashAlgorithmName.SHA512),
            _ => throw new CryptographicException($"a revocation list is signed in a way that is not known ({algorithm})"),
        };

        bool ByCurve(HashAlgorithmName hash) => ecdsa?.VerifyData(signedPart, given, hash, DSASignatureFormat.Rfc3279DerSequence) == true;

        bool ByRsa(HashAlgorithmName hash) => rsa?.VerifyData(signedPart, given, hash, RSASignaturePadding.Pkcs1) == true;
    }

    private void ReadEntries(AsnReader entries)
    {
        while (entries.HasData)
        {
            serials.Add(entries.ReadSequence().ReadInteger());
        }
    }

    private static void RefuseCritical(AsnReader extensions)
    {
        while (extensions.HasData)
        {
            var extension = extensions.ReadSequence();
            var name = extension.ReadObjectIdentifier();
            if (extension.PeekTag() == Asn1Tag.Boolean && extension.ReadBoolean())
            {
                throw new CryptographicException($"a revocation list has a critical extension ({name}), so it does not say all");
            }
        }
    }

    private static bool IsTime(Asn1Tag tag) => tag == Asn1Tag.UtcTime || tag == Asn1Tag.GeneralizedTime;

    private static DateTimeOffset ReadTime(AsnReader reader) => reader.PeekTag() == Asn1Tag.UtcTime ? reader.ReadUtcTime() : reader.ReadGeneralizedTime();
}
