using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace IngressController.Testing.Acme.Issuing;

/// <summary>A certificate request (RFC 2986), judged as Boulder and Pebble judge it.</summary>
internal static class RequestedCertificate
{
    private const string EllipticCurve = "1.2.840.10045.2.1";

    /// <returns>The key to certify.</returns>
    /// <param name="accountKeys">In hexadecimal; a certificate must not have the key of an account.</param>
    public static PublicKey Judge(byte[] der, IReadOnlyList<string> hosts, IReadOnlySet<string> accountKeys)
    {
        CertificateRequest request;
        try
        {
            request = CertificateRequest.LoadSigningRequest(der, HashAlgorithmName.SHA256, CertificateRequestLoadOptions.UnsafeLoadCertificateExtensions, RSASignaturePadding.Pkcs1);
        }
        catch (Exception e) when (e is CryptographicException or AsnContentException)
        {
            throw BadCsr($"it cannot be read: {e.Message}");
        }

        var names = Names(request);
        if (names.Count != hosts.Count || !names.Order().SequenceEqual(hosts.Order()))
        {
            throw BadCsr($"its names are {string.Join(", ", names)}, but the order's are {string.Join(", ", hosts)}");
        }

        var key = request.PublicKey;
        var isStrong = key.Oid.Value == EllipticCurve ? key.GetECDsaPublicKey()!.KeySize is 256 or 384 : key.GetRSAPublicKey() is { KeySize: >= 2048 and <= 4096 };
        return !isStrong ? throw BadCsr("its key is of no kind or size that is certified")
            : accountKeys.Contains(Convert.ToHexString(key.ExportSubjectPublicKeyInfo())) ? throw BadCsr("its key is the key of an account")
            : key;
    }

    private static List<string> Names(CertificateRequest request)
    {
        var names = request.CertificateExtensions.Where(extension => extension.Oid!.Value == "2.5.29.17").SelectMany(extension => new X509SubjectAlternativeNameExtension(extension.RawData).EnumerateDnsNames()).ToList();
        var common = request.SubjectName.EnumerateRelativeDistinguishedNames().Where(name => name.GetSingleElementType().Value == "2.5.4.3").Select(name => name.GetSingleElementValue()).ToList();
        return common.All(name => name is { Length: <= 64 } && names.Contains(name)) ? names : throw BadCsr("its common name is too long or not among its alternative names");
    }

    private static AcmeRefusal BadCsr(string why) => new(400, "badCSR", $"Error parsing certificate request: {why}");
}
