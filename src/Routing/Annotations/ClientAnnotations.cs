using System.Text.RegularExpressions;
using IngressController.Cluster;
using IngressController.Cluster.Resources;
using IngressController.Routing.Model;

namespace IngressController.Routing.Annotations;

/// <summary>Client certificates. Names and values are those of ingress-nginx.</summary>
internal static class ClientAnnotations
{
    public static readonly string[] Names =
    [
        "auth-tls-error-page", "auth-tls-match-cn", "auth-tls-pass-certificate-to-upstream", "auth-tls-secret", "auth-tls-verify-client", "auth-tls-verify-depth",
    ];

    /// <param name="isRefused">Something is asked for that cannot be carried out: the routes must be refused.</param>
    /// <returns>Without authorities: those are in the Secret. Null where clients are not asked.</returns>
    public static ClientVerification? Read(Ingress ingress, AnnotationReader annotations, out bool isRefused)
    {
        isRefused = false;
        var pattern = annotations.Text("auth-tls-match-cn");
        var verify = annotations.Text("auth-tls-verify-client");
        if (verify is "off" || (annotations.Text("auth-tls-secret") is null && pattern is null && !Demands(verify, annotations)))
        {
            return null;
        }

        isRefused = annotations.OwnSecret("auth-tls-secret", ingress) is null || !NamesHosts(ingress, annotations) || (pattern is not null && !IsPattern(annotations, pattern));
        if (isRefused)
        {
            return null;
        }

        var use = annotations.Choice<ClientCertificateUse>(
            "auth-tls-verify-client",
            ("on", ClientCertificateUse.Required),
            ("optional", ClientCertificateUse.Optional),
            ("optional_no_ca", ClientCertificateUse.OptionalUnverified));
        return new(
            use ?? ClientCertificateUse.Required,
            annotations.OwnSecret("auth-tls-secret", ingress)!.Value,
            [],
            [],
            annotations.Number("auth-tls-verify-depth", 0, 100) ?? 1,
            annotations.Boolean("auth-tls-pass-certificate-to-upstream") == true,
            annotations.Url("auth-tls-error-page"),
            pattern,
            null);
    }

    /// <summary>
    /// Without a Secret ingress-nginx ignores the demand, and the host stands open to everybody. Where clients may come without a certificate anyhow, it may stay open.
    /// </summary>
    private static bool Demands(string? verify, AnnotationReader annotations)
    {
        var isOptional = verify?.ToLowerInvariant() is "optional" or "optional_no_ca";
        if (isOptional)
        {
            annotations.Report(
                ProblemCode.AnnotationInvalid, Severity.Warning, annotations.FullName("auth-tls-verify-client"),
                "without auth-tls-secret nobody is asked for a certificate", "Name the Secret of the authorities in auth-tls-secret");
        }

        return verify is not null && !isOptional;
    }

    /// <summary>Certificates are asked for before any path is known, so there is nobody to ask for what answers in the place of all hosts.</summary>
    private static bool NamesHosts(Ingress ingress, AnnotationReader annotations)
    {
        if (ingress.Rules.IsEmpty)
        {
            annotations.Report(
                ProblemCode.AnnotationRefused, Severity.Error, annotations.FullName("auth-tls-secret"),
                "client certificates are asked for by host, and this Ingress has no rules; its default backend answers 503", "Add a rule for each host, or one without a host");
        }

        return !ingress.Rules.IsEmpty;
    }

    private static bool IsPattern(AnnotationReader annotations, string pattern)
    {
        try
        {
            _ = new Regex(pattern, RegexOptions.NonBacktracking);
            return true;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            annotations.Report(
                ProblemCode.AnnotationRefused, Severity.Error, annotations.FullName("auth-tls-match-cn"),
                $"{pattern} is no regular expression that can be carried out ({e.Message}); all paths of this Ingress answer 503", "Write one without look-around and back-references");
            return false;
        }
    }
}
