using IngressController.Cluster;
using IngressController.Cluster.Resources;
using IngressController.Routing.Model;

namespace IngressController.Routing.Annotations;

/// <summary>How TLS is spoken to backends, and whether a PROXY protocol header comes before it.</summary>
internal static class UpstreamTlsAnnotations
{
    public static readonly string[] Names =
        ["proxy-ssl-name", "proxy-ssl-secret", "proxy-ssl-server-name", "proxy-ssl-verify", "proxy-ssl-verify-depth", "upstream-proxy-protocol"];

    /// <param name="protocol">Of the annotation <c>backend-protocol</c>; null where there is none.</param>
    /// <returns>Null where it names a Secret that may not be used, so that the routes must be refused.</returns>
    public static UpstreamTls? Read(Ingress ingress, AnnotationReader annotations, BackendProtocol? protocol)
    {
        NamespacedName? secret = null;
        if (annotations.Text("proxy-ssl-secret") is not null && (secret = annotations.OwnSecret("proxy-ssl-secret", ingress)) is null)
        {
            return null;
        }

        return new(
            Verifies(annotations, protocol),
            secret,
            annotations.Host("proxy-ssl-name"),
            annotations.Text("proxy-ssl-server-name") switch
            {
                null or "on" => null,
                "off" => "",
                _ => annotations.Host("proxy-ssl-server-name"),
            },
            annotations.Number("proxy-ssl-verify-depth", 0, 100));
    }

    public static ProxyProtocolVersion ReadProxyProtocol(AnnotationReader annotations) =>
        annotations.Choice<ProxyProtocolVersion>("upstream-proxy-protocol", ("off", ProxyProtocolVersion.None), ("v1", ProxyProtocolVersion.V1), ("v2", ProxyProtocolVersion.V2))
        ?? ProxyProtocolVersion.None;

    /// <summary>
    /// Verified unless somebody says otherwise. Manifests for ingress-nginx say it by <c>backend-protocol: HTTPS</c> alone, because there nothing is verified by
    /// default; their backends have certificates of their own making, and would be lost.
    /// </summary>
    private static bool Verifies(AnnotationReader annotations, BackendProtocol? protocol)
    {
        if (annotations.Choice<bool>("proxy-ssl-verify", ("on", true), ("off", false), ("true", true), ("false", false)) is { } said)
        {
            return said;
        }

        var name = annotations.FullName("backend-protocol");
        var isMeantUnverified = protocol is BackendProtocol.Https or BackendProtocol.H2 && name.StartsWith(AnnotationReader.NginxPrefix, StringComparison.Ordinal);
        if (isMeantUnverified)
        {
            annotations.Report(
                ProblemCode.UpstreamNotVerified,
                Severity.Warning,
                name,
                "as in ingress-nginx, nobody verifies the certificate of the backend",
                $"Write {AnnotationReader.OwnPrefix}proxy-ssl-verify: \"on\" (with proxy-ssl-secret for an authority of your own), or \"off\" to say that this is meant");
        }

        return !isMeantUnverified;
    }
}
