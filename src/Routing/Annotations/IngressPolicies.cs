using IngressController.Cluster;
using IngressController.Cluster.Resources;
using IngressController.Routing.Model;
using IngressController.Routing.Translation;

namespace IngressController.Routing.Annotations;

/// <summary>What the annotations of an Ingress ask of its routes.</summary>
/// <param name="Refusal">The routes answer 503: something that protects them cannot be carried out.</param>
/// <param name="IsCanary">The Ingress is a variant of another one and has no routes of its own.</param>
/// <param name="Clients">What clients of its hosts must show.</param>
/// <param name="PassesTlsThrough">Connections to its hosts are not decrypted.</param>
internal sealed record IngressPolicies(
    UpstreamPolicy Upstream, RoutePolicies Routes, ClientVerification? Clients, bool PassesTlsThrough, ProblemCode? Refusal, bool IsCanary, bool UsesRegex)
{
    public static IngressPolicies Read(Ingress ingress, TranslationOptions options, List<Problem> problems)
    {
        var annotations = new AnnotationReader(ingress, problems);
        var refusal = Judge(ingress, annotations);
        var upstream = UpstreamAnnotations.Read(ingress, annotations);
        var clients = ClientAnnotations.Read(ingress, annotations, out var isRefused);
        return new(
            upstream ?? UpstreamPolicy.Default,
            HttpsAnnotations.Read(annotations, options),
            clients,
            annotations.Boolean("ssl-passthrough") == true,
            isRefused || upstream is null ? ProblemCode.AnnotationRefused : refusal,
            annotations.Boolean("canary") == true,
            annotations.Boolean("use-regex") == true || annotations.Text("rewrite-target") is not null);
    }

    /// <summary>One problem for every annotation that does not do what it says.</summary>
    private static ProblemCode? Judge(Ingress ingress, AnnotationReader annotations)
    {
        ProblemCode? refusal = null;
        foreach (var (fullName, value) in ingress.Metadata.Annotations)
        {
            if (WithoutPrefix(fullName) is not { } name || string.IsNullOrWhiteSpace(value))
            {
                continue;
            }

            if (!AnnotationTable.TryGet(name, out var use) || (use == AnnotationUse.OnlyOurs && !fullName.StartsWith(AnnotationReader.OwnPrefix, StringComparison.Ordinal)))
            {
                annotations.Report(
                    ProblemCode.AnnotationUnknown, Severity.Warning, fullName, "no annotation has this name", "Correct its spelling or remove it");
            }
            else if (use == AnnotationUse.Protective || (use == AnnotationUse.ProtectiveIfOn && IsOn(value)))
            {
                refusal = ProblemCode.AnnotationRefused;
                annotations.Report(
                    ProblemCode.AnnotationRefused,
                    Severity.Error,
                    fullName,
                    "this version does not carry it out; all paths of this Ingress answer 503, because without it they might stand open"
                        + " (if they are patterns: all paths that this namespace has on its hosts)",
                    "Remove it if the paths may be served without it");
            }
            else if (name == "canary" && !IsOff(value))
            {
                annotations.Report(
                    ProblemCode.AnnotationUnsupported, Severity.Warning, fullName, "this version does not carry it out; all traffic goes to the main Ingress, none to this one");
            }
            else if (use is AnnotationUse.Unsupported or AnnotationUse.UnsupportedRouting && !IsOff(value))
            {
                annotations.Report(
                    ProblemCode.AnnotationUnsupported,
                    use == AnnotationUse.Unsupported ? Severity.Warning : Severity.Error,
                    fullName,
                    use == AnnotationUse.Unsupported
                        ? "this version does not carry it out; the paths are served without it"
                        : "this version does not carry it out, so some requests are answered otherwise than it says");
            }
        }

        return refusal;
    }

    private static string? WithoutPrefix(string name) =>
        name.StartsWith(AnnotationReader.OwnPrefix, StringComparison.Ordinal) ? name[AnnotationReader.OwnPrefix.Length..]
        : name.StartsWith(AnnotationReader.NginxPrefix, StringComparison.Ordinal) ? name[AnnotationReader.NginxPrefix.Length..]
        : null;

    private static bool IsOn(string value) => value.Trim() is "1" or "t" or "T" or "TRUE" or "true" or "True" or "on";

    private static bool IsOff(string value) => value.Trim() is "0" or "f" or "F" or "FALSE" or "false" or "False" or "off";
}
