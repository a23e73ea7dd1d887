using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using IngressController.Routing.Model;
using Microsoft.Extensions.Logging;

namespace IngressController.Proxy.Clients;

/// <summary>What the clients of some hosts must show, made ready for handshakes and requests.</summary>
internal sealed class ClientPolicy
{
    private readonly ClientAuthorities? authorities;
    private readonly Regex? allowed;

    private ClientPolicy(ClientVerification verification, ClientAuthorities? authorities)
    {
        (Verification, this.authorities) = (verification, authorities);
        Names = authorities is null ? null : SslCertificateTrust.CreateForX509Collection(authorities.Trusted, sendTrustInHandshake: true);
        allowed = verification.SubjectPattern is { } pattern ? new(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant) : null;
    }

    public ClientVerification Verification { get; }

    /// <summary>Whom to trust cannot be read: nobody is let in, and nobody is asked.</summary>
    public bool IsRefused => authorities is null;

    /// <summary>Whose certificates we ask for; null where nobody is asked.</summary>
    public SslCertificateTrust? Names { get; }

    public static ClientPolicy Of(ClientVerification asked, ILogger logger)
    {
        if (asked.Refusal is not null)
        {
            return new(asked, null);
        }

        try
        {
            return new(asked, ClientAuthorities.Read(asked.Authorities.AsSpan(), asked.RevocationLists.AsSpan()));
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            Log.ClientAuthoritiesUnreadable(logger, asked.Secret.ToString(), e.Message);
            return new(asked, null);
        }
    }

    /// <param name="shown">DER, the client's own first; empty where there is none.</param>
    public Verdict Judge(IReadOnlyList<byte[]> shown, DateTimeOffset now)
    {
        var use = Verification.Use;
        if (shown.Count == 0)
        {
            var missing = use == ClientCertificateUse.Required ? Admission.Missing : allowed is null ? Admission.Admitted : Admission.NotAllowed;
            return new(missing, "NONE", "", "", "", DateTimeOffset.MaxValue);
        }

        using var leaf = X509CertificateLoader.LoadCertificate(shown[0]);
        var (failure, isOfTrust, until) = authorities!.Verify(leaf, shown, Verification.Depth, now);
        var admission = failure is not null && !(isOfTrust && use == ClientCertificateUse.OptionalUnverified) ? Admission.Invalid
            : IsAllowed(leaf) ? Admission.Admitted
            : Admission.NotAllowed;
        var certificate = Verification.PassesCertificate ? Uri.EscapeDataString(leaf.ExportCertificatePem() + "\n") : "";
        var (subject, issuer) = (DistinguishedName.Format(leaf.SubjectName), DistinguishedName.Format(leaf.IssuerName));
        return new(admission, failure is null ? "SUCCESS" : $"FAILED:{failure}", subject, issuer, certificate, until);
    }

    /// <summary>
    /// Only <c>CN=...</c> itself is looked at, from its beginning: a text that contains <c>CN=admin</c> somewhere is nobody's name. The pattern is used as it was
    /// read; one that is put into another may be none any more.
    /// </summary>
    private bool IsAllowed(X509Certificate2 leaf) =>
        allowed is null || DistinguishedName.CommonNames(leaf.SubjectName).Any(name => allowed.Match($"CN={name}") is { Success: true, Index: 0 });
}
