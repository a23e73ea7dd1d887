using System.Collections.Immutable;

namespace IngressController.App.Cli;

/// <summary>Every flag of <c>run</c>, in the order in which help shows them.</summary>
internal static class Flags
{
    public static Flag Manifests { get; } = Flag.One("--manifests", "DIR", "Read objects from the YAML and JSON files under DIR, live");

    public static Flag Kubeconfig { get; } = Flag.One("--kubeconfig", "FILE", "Which cluster to read; default: the one that the program runs in, $KUBECONFIG, ~/.kube/config");
    public static Flag Context { get; } = Flag.One("--context", "NAME", "Which context of the kubeconfig; default: the current one");

    public static Flag BindAddress { get; } = Flag.One("--bind-address", "ADDR", "The address to listen on; default: all");
    public static Flag HttpPort { get; } = Flag.One("--http-port", "PORT", "Port for HTTP; 0 takes any that is free; default: 8080");
    public static Flag HttpsPort { get; } = Flag.One("--https-port", "PORT", "Port for HTTPS; 0 takes any that is free; default: 8443");
    public static Flag AdminPort { get; } = Flag.One("--admin-port", "PORT", "Port for /livez, /readyz, /metrics and the dashboard; default: 9090");
    public static Flag AdminTokenFile { get; } = Flag.One("--admin-token-file", "FILE", "Open the dashboard and its data at the admin port to other hosts that send the token in this file; default: they are open from loopback only");
    public static Flag AdminAllowRemote { get; } = Flag.Switch("--admin-allow-remote", "Open them to every host; a network policy must guard the admin port then");
    public static Flag PublicHttpsPort { get; } = Flag.One("--public-https-port", "PORT", "The port that redirects name; default: 443");

    public static Flag ControllerName { get; } = Flag.Many("--controller-name", "NAME", "IngressClasses with this spec.controller are ours; default: yarp.ingress.kubernetes.io/controller");
    public static Flag IngressClass { get; } = Flag.One("--ingress-class", "NAME", "The value of the annotation kubernetes.io/ingress.class that means us; default: yarp");
    public static Flag WatchIngressWithoutClass { get; } = Flag.Switch("--watch-ingress-without-class", "Ingresses without any class are ours too");
    public static Flag WatchNamespace { get; } = Flag.Many("--watch-namespace", "NS", "Read this namespace only, so that a Role in it is enough");
    public static Flag DefaultBackendService { get; } = Flag.One("--default-backend-service", "NS/NAME[:PORT]", "Answers what no Ingress answers; default: a built-in 404");
    public static Flag AllowExternalNames { get; } = Flag.Switch("--allow-external-names", "Services of type ExternalName may be backends");
    public static Flag NodeName { get; } = Flag.One("--node-name", "NAME", "The node this replica runs on, for topology hints");
    public static Flag Zone { get; } = Flag.One("--zone", "NAME", "The zone this replica runs in, for topology hints");
    public static Flag PodName { get; } = Flag.One("--pod-name", "NAME", "Who this replica is, in the Lease and in Events; default: the machine's name");
    public static Flag PodNamespace { get; } = Flag.One("--pod-namespace", "NS", "Where the Lease is; default: the service account's or the context's namespace");
    public static Flag DefaultTlsSecret { get; } = Flag.One("--default-tls-secret", "NS/NAME", "The Secret with the certificate for hosts that have none; default: a self-signed one");
    public static Flag NoOcspStapling { get; } = Flag.Switch("--no-ocsp-stapling", "Do not ask the responders that certificates name whether they were revoked");

    public static Flag TlsMinVersion { get; } = Flag.One("--tls-min-version", "1.2|1.3", "The oldest version of TLS that clients may speak; default: 1.2");
    public static Flag TlsCiphers { get; } = Flag.Many("--tls-ciphers", "NAME", "A cipher suite for clients, by its IANA or OpenSSL name; default: the platform's, with resumption of sessions");

    public static Flag Http3 { get; } = Flag.Switch("--http3", "Speak HTTP/3 too, at the UDP port of --https-port, where the platform has QUIC");

    public static Flag SslRedirect { get; } = Flag.One("--ssl-redirect", "true|false", "Redirect requests in cleartext to https where an Ingress has tls for their host; default: true");
    public static Flag Hsts { get; } = Flag.One("--hsts", "VALUE", "Strict-Transport-Security of answers over TLS, as in max-age=31536000; default: no such header");
    public static Flag MaxBodySize { get; } = Flag.One("--max-body-size", "SIZE", "The biggest body of a request, as in 8m; default: no limit");

    public static Flag TcpServicesConfigmap { get; } = Flag.One("--tcp-services-configmap", "NS/NAME", "The ConfigMap of TCP services: port: namespace/service:port[:PROXY[:PROXY]]");
    public static Flag UdpServicesConfigmap { get; } = Flag.One("--udp-services-configmap", "NS/NAME", "The ConfigMap of UDP services: port: namespace/service:port");

    public static Flag PublishService { get; } = Flag.One("--publish-service", "NS/NAME", "The Service whose addresses the status of Ingresses shows");
    public static Flag PublishAddress { get; } = Flag.Many("--publish-address", "ADDR", "An IP address or DNS name that the status of Ingresses shows, instead of a Service's");
    public static Flag TrustedProxies { get; } = Flag.Many("--trusted-proxies", "CIDR", "Peers whose X-Forwarded-* headers are believed, and whose PROXY protocol headers are taken");
    public static Flag ProxyProtocol { get; } = Flag.Switch("--proxy-protocol", "Connections to the public ports begin with a PROXY protocol header, which only trusted proxies may send");

    public static Flag MaxConnections { get; } = Flag.One("--max-connections", "N", "Connections at a time; 0: no limit; default: 20000");
    public static Flag MaxConnectionsPerClient { get; } = Flag.One("--max-connections-per-client", "N", "Connections of one client address at a time; default: 0, no limit");
    public static Flag MaxRequestsPerConnection { get; } = Flag.One("--max-requests-per-connection", "N", "Requests after which a connection closes; default: 0, no limit");
    public static Flag MaxStreams { get; } = Flag.One("--max-streams", "N", "Requests at a time on one HTTP/2 or HTTP/3 connection; default: 128");
    public static Flag MaxHeaderBytes { get; } = Flag.One("--max-header-bytes", "N", "Bytes of a request's headers; default: 32768");
    public static Flag MaxHeaderCount { get; } = Flag.One("--max-header-count", "N", "Number of a request's headers; default: 200");
    public static Flag MaxRequestLine { get; } = Flag.One("--max-request-line", "N", "Bytes of a request's first line; default: 8192");
    public static Flag HeaderTimeout { get; } = Flag.One("--header-timeout", "DURATION", "How long a request's headers may take to come; default: 60s");
    public static Flag BodyTimeout { get; } = Flag.One("--body-timeout", "DURATION", "How long the next part of a request's body may take to come; default: 60s");
    public static Flag MinBodyRate { get; } = Flag.One("--min-body-rate", "N", "Bytes a second with which a request's body comes on average; 0: any speed; default: 240");
    public static Flag WriteTimeout { get; } = Flag.One("--write-timeout", "DURATION", "How long a client may take nothing of its answer; default: 60s");
    public static Flag KeepAliveTimeout { get; } = Flag.One("--keep-alive-timeout", "DURATION", "How long a connection may be idle between requests; default: 75s");

    public static Flag ShutdownDelay { get; } = Flag.One("--shutdown-delay", "DURATION", "How long to go on accepting after readiness has ended; default: 0s");
    public static Flag ShutdownGracePeriod { get; } = Flag.One("--shutdown-grace-period", "DURATION", "How long requests in flight may take to finish; default: 30s");
    public static Flag LogFormat { get; } = Flag.One("--log-format", "console|json", "The format of the access log (stdout) and of the program's own log (stderr); default: console");

    public static Flag AccessLog { get; } = Flag.One("--access-log", "FORMAT", "The access log's format: off, console, json, nginx, or a template as in '$remote_addr \"$request\" $status'; default: as --log-format");
    public static Flag AccessLogSample { get; } = Flag.One("--access-log-sample", "RATIO", "The part of requests to log, as in 0.1; statuses of 500 and more are logged always; default: 1");
    public static Flag AccessLogSkipPath { get; } = Flag.Many("--access-log-skip-path", "PREFIX", "Do not log requests for this path and those below it, as in /healthz");
    public static Flag AccessLogStatus { get; } = Flag.Many("--access-log-status", "4xx|5xx|NNN", "Log these statuses only");

    public static Flag MetricsHosts { get; } = Flag.Switch("--metrics-hosts", "Count requests by the host of their rule, too");
    public static Flag MetricsHistogramSeries { get; } = Flag.One("--metrics-histogram-series", "N", "How many series of a histogram, or of what is counted per destination, stand for themselves; all others are called \"other\"; default: 500");
    public static Flag NginxMetricNames { get; } = Flag.Switch("--nginx-metric-names", "Metrics under ingress-nginx's names too, for dashboards and alerts that know those");
    public static Flag OtlpEndpoint { get; } = Flag.One("--otlp-endpoint", "URL", "Push telemetry to this collector of OpenTelemetry; default: nothing is pushed");
    public static Flag OtlpProtocol { get; } = Flag.One("--otlp-protocol", "grpc|http", "What the collector speaks; default: grpc");
    public static Flag OtlpHeader { get; } = Flag.Many("--otlp-header", "NAME=VALUE", "A header for the collector, such as a key");
    public static Flag OtlpHeadersFile { get; } = Flag.One("--otlp-headers-file", "FILE", "More such headers, one a line, for values that the list of processes should not show");
    public static Flag TraceSampling { get; } = Flag.One("--trace-sampling", "RATIO", "Record so many of the traces that begin here, from 0 to 1, and push them to the collector; default: no spans are made");
    public static Flag TraceSampler { get; } = Flag.One("--trace-sampler", "parent|ratio", "Who decides about traces that go on here: the caller, or the ratio alone; default: parent");
    public static Flag TraceContext { get; } = Flag.One("--trace-context", "trusted|always|never", "Whose traces go on here; for others a new one begins; default: trusted, those of trusted proxies");
    public static Flag OtlpInterval { get; } = Flag.One("--otlp-interval", "DURATION", "How often metrics are pushed, 0 for never; default: 60s");

    public static Flag StateDir { get; } = Flag.One("--state-dir", "DIR", "Where directory mode keeps what a cluster would keep: certificates, and the keys of accounts");
    public static Flag AcmeDirectory { get; } = Flag.One("--acme-directory", "URL", "Obtain certificates from this authority: a URL, letsencrypt or letsencrypt-staging; default: letsencrypt, where --acme-email is given");
    public static Flag AcmeEmail { get; } = Flag.One("--acme-email", "ADDR", "Obtain certificates; the authority writes to this address");
    public static Flag AcmeCaBundle { get; } = Flag.One("--acme-ca-bundle", "FILE", "Certificates to trust when talking to the authority, besides the system's");
    public static Flag AcmeEabKeyId { get; } = Flag.One("--acme-eab-key-id", "ID", "The account's external binding: which key the authority has given");
    public static Flag AcmeEabKeyFile { get; } = Flag.One("--acme-eab-key-file", "FILE", "That key, base64url");
    public static Flag AcmeKeyType { get; } = Flag.One("--acme-key-type", "TYPE", "Keys of certificates: ecdsa-p256, ecdsa-p384, rsa-2048 or rsa-4096; default: ecdsa-p256");
    public static Flag AcmeProfile { get; } = Flag.One("--acme-profile", "NAME", "One of the authority's profiles; default: the authority's choice");
    public static Flag AcmePreferredChain { get; } = Flag.One("--acme-preferred-chain", "NAME", "The chain with an issuer of this common name, where the authority offers several; default: its first");
    public static Flag AcmeChallenge { get; } = Flag.Many("--acme-challenge", "KIND", "How hosts are proven, best first: http-01, tls-alpn-01, dns-01; default: http-01 and tls-alpn-01, and dns-01 where it is set up");
    public static Flag AcmeDnsServer { get; } = Flag.One("--acme-dns-server", "HOST[:PORT]", "For dns-01: the name server that takes updates (RFC 2136)");
    public static Flag AcmeDnsTsigName { get; } = Flag.One("--acme-dns-tsig-name", "NAME", "The key that signs these updates; default: they are not signed");
    public static Flag AcmeDnsTsigAlgorithm { get; } = Flag.One("--acme-dns-tsig-algorithm", "NAME", "hmac-sha256 or hmac-sha512; default: hmac-sha256");
    public static Flag AcmeDnsTsigSecretFile { get; } = Flag.One("--acme-dns-tsig-secret-file", "FILE", "That key, base64");
    public static Flag AcmeDnsExec { get; } = Flag.One("--acme-dns-exec", "PATH", "For dns-01: the program that is called with present|cleanup NAME VALUE");
    public static Flag AcmeDnsWebhook { get; } = Flag.One("--acme-dns-webhook", "URL", "For dns-01: what takes POST requests with JSON");
    public static Flag AcmeStateSecret { get; } = Flag.One("--acme-state-secret", "NAME", "The Secret beside the Lease that keeps accounts and pending orders; default: as the Lease, with -acme");
    public static Flag AcmeAllowedDomain { get; } = Flag.Many("--acme-allowed-domain", "NAME", "Only hosts in this domain or below it get certificates; default: all");
    public static Flag AcmeAllowInternalNames { get; } = Flag.Switch("--acme-allow-internal-names", "Hosts that no public authority can reach get certificates too, such as web.local");
    public static Flag AcmeIssuer { get; } = Flag.Many("--acme-issuer", "'name=...,directory=...'", "A further authority, for Ingresses that name it; its settings are called as the flags from --acme-directory to --acme-dns-webhook, without --acme-");

    /// <summary>What decides the meaning of objects: <c>check</c>, <c>explain</c> and <c>translate</c> have these too, so that they see what <c>run</c> does.</summary>
    public static ImmutableArray<Flag> OfTranslation { get; } =
        [ControllerName, IngressClass, WatchIngressWithoutClass, DefaultBackendService, DefaultTlsSecret, TcpServicesConfigmap, UdpServicesConfigmap, AllowExternalNames, NodeName, Zone, SslRedirect, Hsts];

    /// <summary>What clients may take.</summary>
    public static ImmutableArray<Flag> OfLimits { get; } =
    [
        MaxConnections, MaxConnectionsPerClient, MaxRequestsPerConnection, MaxStreams, MaxHeaderBytes, MaxHeaderCount, MaxRequestLine,
        HeaderTimeout, BodyTimeout, MinBodyRate, WriteTimeout, KeepAliveTimeout,
    ];

    /// <summary>How requests are logged, and which.</summary>
    public static ImmutableArray<Flag> OfAccessLog { get; } = [AccessLog, AccessLogSample, AccessLogSkipPath, AccessLogStatus];

    /// <summary>What is told about the program, and to whom.</summary>
    public static ImmutableArray<Flag> OfTelemetry { get; } = [MetricsHosts, MetricsHistogramSeries, NginxMetricNames, OtlpEndpoint, OtlpProtocol, OtlpHeader, OtlpHeadersFile, OtlpInterval, TraceSampling, TraceSampler, TraceContext];

    /// <summary>One certificate authority, and our account there.</summary>
    public static ImmutableArray<Flag> OfIssuer { get; } =
    [
        AcmeDirectory, AcmeEmail, AcmeCaBundle, AcmeEabKeyId, AcmeEabKeyFile, AcmeKeyType, AcmeProfile, AcmePreferredChain, AcmeChallenge,
        AcmeDnsServer, AcmeDnsTsigName, AcmeDnsTsigAlgorithm, AcmeDnsTsigSecretFile, AcmeDnsExec, AcmeDnsWebhook,
    ];

    /// <summary>How certificates are obtained.</summary>
    public static ImmutableArray<Flag> OfAcme { get; } = [.. OfIssuer, AcmeIssuer, AcmeStateSecret, AcmeAllowedDomain, AcmeAllowInternalNames];

    public static ImmutableArray<Flag> OfRun { get; } =
    [
        Manifests, Kubeconfig, Context, BindAddress, HttpPort, HttpsPort, AdminPort, AdminTokenFile, AdminAllowRemote, PublicHttpsPort,
        ControllerName, IngressClass, WatchIngressWithoutClass, WatchNamespace, DefaultBackendService, AllowExternalNames, NodeName, Zone, PodName, PodNamespace, DefaultTlsSecret,
        TcpServicesConfigmap, UdpServicesConfigmap, NoOcspStapling, TlsMinVersion, TlsCiphers, Http3, SslRedirect, Hsts, MaxBodySize,
        PublishService, PublishAddress, TrustedProxies, ProxyProtocol, .. OfLimits, ShutdownDelay, ShutdownGracePeriod, LogFormat, .. OfAccessLog, .. OfTelemetry,
        StateDir, .. OfAcme,
    ];

    static Flags()
    {
        foreach (var flag in OfRun)
        {
            flag.DescribeVariable();
        }
    }
}
