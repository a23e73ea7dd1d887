using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using IngressController.Certificates.Acme.Protocol;
using IngressController.Cluster;
using IngressController.Cluster.Resources;
using IngressController.Routing.Model;

namespace IngressController.Certificates.Acme.Issuing;

/// <summary>The certificate that a Secret holds now, and what we noted when we made it.</summary>
/// <param name="IsOurs">We made it.</param>
/// <param name="Issuer">As noted; null where it is not ours.</param>
/// <param name="Directory">As noted; null where it is not ours.</param>
/// <param name="RevokeText">The reason that somebody wrote on the Secret to have it revoked; null: nobody did.</param>
/// <param name="Leaf">Null: there is no certificate with its key in it that could be served.</param>
internal sealed record HeldCertificate(bool IsOurs, string? Issuer, string? Directory, string? RevokeText, HeldLeaf? Leaf)
{
    /// <summary>Null: it is not to be revoked.</summary>
    public RevocationReason? Revoke => RevokeText is null ? null : RevocationText.Read(RevokeText);

    /// <summary>Total; takes a few milliseconds at most.</summary>
    public static HeldCertificate Of(Secret secret, string owner)
    {
        var (isOurs, notes) = (SecretOwner.IsOurs(secret, owner), secret.Metadata.Annotations);
        using var identity = ServerIdentity.TryRead(secret.Data.GetValueOrDefault("tls.crt"), secret.Data.GetValueOrDefault("tls.key"), out _);
        return new(
            isOurs,
            isOurs ? notes.GetValueOrDefault(AcmeAnnotations.Issuer) : null,
            isOurs ? notes.GetValueOrDefault(AcmeAnnotations.Directory) : null,
            isOurs ? notes.GetValueOrDefault(AcmeAnnotations.Revoke)?.Trim() : null,
            identity is null ? null : HeldLeaf.TryRead(identity.Leaf));
    }

    /// <summary>The authority of the issuer has issued it, as far as we know.</summary>
    public bool IsFrom(Issuer issuer) => IsOurs && Directory == issuer.Directory.AbsoluteUri;
}

/// <param name="Serial">Hexadecimal.</param>
/// <param name="Names">Sorted.</param>
/// <param name="KeyType">Null: none that is ordered here.</param>
/// <param name="Certificate">DER.</param>
internal sealed record HeldLeaf(
    string Serial, EquatableArray<string> Names, DateTimeOffset NotBefore, DateTimeOffset NotAfter, CertificateKeyType? KeyType, EquatableArray<byte> Certificate)
{
    public TimeSpan Lifetime => NotAfter - NotBefore;

    /// <returns>Null where the framework cannot read what is in it.</returns>
    public static HeldLeaf? TryRead(X509Certificate2 leaf)
    {
        try
        {
            var names = leaf.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(extension => extension.EnumerateDnsNames())
                .Select(name => HostName.TryParse(name, out var host) ? host.Text : "").Where(name => name.Length > 0).Distinct().Order(StringComparer.Ordinal);
            return new(leaf.SerialNumber, [.. names], new DateTimeOffset(leaf.NotBefore).ToUniversalTime(), new DateTimeOffset(leaf.NotAfter).ToUniversalTime(), KeyTypeOf(leaf), [.. leaf.RawData]);
        }
        catch (Exception e) when (ServerIdentity.IsOfContent(e))
        {
            return null;
        }
    }

    /// <summary>It names the host itself, or for an exact host the wildcard above it.</summary>
    public bool Covers(string host) => Names.Contains(host) || Names.Contains($"*{host[Math.Max(0, host.IndexOf('.', StringComparison.Ordinal))..]}");

    private static CertificateKeyType? KeyTypeOf(X509Certificate2 leaf)
    {
        using var rsa = leaf.GetRSAPublicKey();
        using var curve = leaf.GetECDsaPublicKey();
        var name = curve?.ExportParameters(includePrivateParameters: false).Curve.Oid.Value;
        return name == ECCurve.NamedCurves.nistP256.Oid.Value ? CertificateKeyType.EcdsaP256
            : name == ECCurve.NamedCurves.nistP384.Oid.Value ? CertificateKeyType.EcdsaP384
            : rsa?.KeySize == 2048 ? CertificateKeyType.Rsa2048
            : rsa?.KeySize == 4096 ? CertificateKeyType.Rsa4096
            : null;
    }
}
