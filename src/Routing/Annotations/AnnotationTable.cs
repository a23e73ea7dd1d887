using System.Collections.Frozen;

namespace IngressController.Routing.Annotations;

/// <summary>What becomes of an annotation.</summary>
internal enum AnnotationUse
{
    /// <summary>Carried out.</summary>
    Supported,

    /// <summary>Carried out under our prefix; under that of ingress-nginx, which has no such thing, nobody reads it.</summary>
    OnlyOurs,

    /// <summary>Accepted; it tunes something that this proxy does not have (buffers, for example).</summary>
    NoEffect,

    /// <summary>Known, not carried out: the routes are served without it.</summary>
    Unsupported,

    /// <summary>Known, not carried out, and it decides which requests are answered or by what: without it some are answered wrongly.</summary>
    UnsupportedRouting,

    /// <summary>Known, not carried out, and it protects something: the routes answer 503 rather than stand open.</summary>
    Protective,

    /// <summary>Protective where its value is a truth (<c>true</c>, <c>on</c>); without effect otherwise.</summary>
    ProtectiveIfOn,
}

/// <summary>Every annotation name that we or ingress-nginx 1.15 know, without prefix.</summary>
internal static class AnnotationTable
{
    private static readonly FrozenDictionary<string, AnnotationUse> Uses = Entries().ToFrozenDictionary(StringComparer.Ordinal);

    public static bool TryGet(string name, out AnnotationUse use) => Uses.TryGetValue(name, out use);

    private static IEnumerable<KeyValuePair<string, AnnotationUse>> Entries() =>
    [
        .. All(AnnotationUse.Supported, [.. UpstreamAnnotations.Names, .. UpstreamTlsAnnotations.Names, .. ClientAnnotations.Names, .. HttpsAnnotations.Names, "ssl-passthrough"]),
        .. All(AnnotationUse.OnlyOurs, "acme-issuer", "acme-take-over"),
        .. All(
            AnnotationUse.Protective,
            "allowlist-source-range", "auth-secret", "auth-snippet", "auth-type", "auth-url",
            "configuration-snippet", "denylist-source-range", "modsecurity-snippet", "server-snippet", "stream-snippet", "whitelist-source-range"),
        .. All(AnnotationUse.ProtectiveIfOn, "enable-modsecurity"),
        .. All(
            AnnotationUse.NoEffect,
            "auth-keepalive", "auth-keepalive-requests", "auth-keepalive-share-vars", "auth-keepalive-timeout", "client-body-buffer-size",
            "enable-rewrite-log", "http2-push-preload", "preserve-trailing-slash", "proxy-buffer-size", "proxy-buffering", "proxy-buffers-number",
            "proxy-busy-buffers-size", "proxy-http-version", "proxy-max-temp-file-size", "session-cookie-hash"),
        .. All(
            AnnotationUse.UnsupportedRouting,
            "app-root", "default-backend", "from-to-www-redirect", "permanent-redirect", "rewrite-target", "server-alias",
            "temporal-redirect", "upstream-vhost", "use-regex"),
        .. All(
            AnnotationUse.Unsupported,
            "affinity", "affinity-canary-behavior", "affinity-mode", "auth-always-set-cookie", "auth-cache-duration", "auth-cache-key",
            "auth-method", "auth-proxy-set-headers", "auth-realm", "auth-request-redirect", "auth-response-headers", "auth-secret-type",
            "auth-signin", "auth-signin-redirect-param",
            "canary", "canary-by-cookie", "canary-by-header", "canary-by-header-pattern", "canary-by-header-value",
            "canary-weight", "canary-weight-total", "connection-proxy-header", "cors-allow-credentials", "cors-allow-headers", "cors-allow-methods",
            "cors-allow-origin", "cors-expose-headers", "cors-max-age", "custom-headers", "custom-http-errors",
            "disable-proxy-intercept-errors", "enable-access-log", "enable-cors", "enable-global-auth", "enable-influxdb", "enable-opentelemetry",
            "enable-opentracing", "enable-owasp-core-rules", "fastcgi-index", "fastcgi-params-configmap",
            "global-rate-limit", "global-rate-limit-header-name", "global-rate-limit-ignored-cidrs",
            "global-rate-limit-key", "global-rate-limit-window", "limit-allowlist", "limit-burst-multiplier", "limit-connections", "limit-rate",
            "limit-rate-after", "limit-rpm", "limit-rps", "limit-whitelist", "mirror-host", "mirror-request-body", "mirror-target",
            "modsecurity-transaction-id", "opentelemetry-operation-name", "opentelemetry-trust-incoming-span",
            "permanent-redirect-code", "proxy-cookie-domain", "proxy-cookie-path",
            "proxy-next-upstream", "proxy-next-upstream-timeout", "proxy-next-upstream-tries", "proxy-redirect-from", "proxy-redirect-to",
            "proxy-request-buffering", "proxy-ssl-ciphers", "proxy-ssl-protocols",
            "relative-redirects", "satisfy", "secure-backends", "service-upstream",
            "session-cookie-change-on-failure", "session-cookie-conditional-samesite-none", "session-cookie-domain", "session-cookie-expires",
            "session-cookie-max-age", "session-cookie-name", "session-cookie-path", "session-cookie-samesite", "session-cookie-secure",
            "ssl-ciphers", "ssl-prefer-server-ciphers", "temporal-redirect-code",
            "upstream-hash-by", "upstream-hash-by-subset", "upstream-hash-by-subset-size", "use-port-in-redirects",
            "x-forwarded-prefix"),
    ];

    private static IEnumerable<KeyValuePair<string, AnnotationUse>> All(AnnotationUse use, params string[] names) =>
        names.Select(name => KeyValuePair.Create(name, use));
}
