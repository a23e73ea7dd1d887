using System.Globalization;
using IngressController.Cluster;
using IngressController.Routing.Model;
using IngressController.Routing.Translation;

namespace IngressController.Routing.Annotations;

/// <summary>What a route does beyond forwarding: the redirect to https, HSTS, the limit of bodies.</summary>
internal static class HttpsAnnotations
{
    public static readonly string[] Names =
        ["force-ssl-redirect", "hsts", "hsts-include-subdomains", "hsts-max-age", "hsts-preload", "proxy-body-size", "ssl-redirect"];

    private const int OneYear = 31_536_000;

    public static RoutePolicies Read(AnnotationReader annotations, TranslationOptions options)
    {
        var redirect = annotations.Boolean("force-ssl-redirect") == true ? HttpsRedirect.Always
            : annotations.Boolean("ssl-redirect") ?? options.RedirectsToHttps ? HttpsRedirect.WithTls
            : HttpsRedirect.Never;
        return new(redirect, ReadStrictTransportSecurity(annotations, options), ReadMaxBodySize(annotations));
    }

    private static string? ReadStrictTransportSecurity(AnnotationReader annotations, TranslationOptions options)
    {
        var maxAge = annotations.Number("hsts-max-age", 0, int.MaxValue);
        var (subdomains, preload) = (annotations.Boolean("hsts-include-subdomains"), annotations.Boolean("hsts-preload"));
        return annotations.Boolean("hsts") switch
        {
            false => null,
            null when maxAge is null && subdomains is null && preload is null => options.StrictTransportSecurity,
            _ => string.Create(CultureInfo.InvariantCulture, $"max-age={maxAge ?? OneYear}{(subdomains == true ? "; includeSubDomains" : "")}{(preload == true ? "; preload" : "")}"),
        };
    }

    /// <summary>As nginx writes sizes: <c>8m</c>, <c>512k</c>, <c>1g</c>, bytes without a letter; 0 for no limit.</summary>
    private static long? ReadMaxBodySize(AnnotationReader annotations)
    {
        const string name = "proxy-body-size";
        if (annotations.Text(name) is not { } text)
        {
            return null;
        }

        if (ByteSize.Read(text) is { } size)
        {
            return size;
        }

        annotations.Report(
            ProblemCode.AnnotationInvalid, Severity.Warning, annotations.FullName(name), $"the value {text} cannot be read, so the default is used: it must be a size as 8m, 512k, 1g or 0");
        return null;
    }
}
