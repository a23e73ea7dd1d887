using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using IngressController.App.Metrics;
using IngressController.App.Tracing;
using IngressController.Certificates.Acme;
using IngressController.Cluster;
using IngressController.Kubernetes.Api;
using IngressController.Kubernetes.Watching;
using IngressController.Proxy.AccessLog;
using IngressController.Proxy.Limits;
using IngressController.Routing.Translation;

namespace IngressController.App;

internal enum LogFormat
{
    Console,
    Json,
}

/// <summary>What <c>run</c> was asked for. <c>Cli/RunCommand.cs</c> makes it from flags and environment variables, and lets nothing invalid through.</summary>
internal sealed record RunOptions
{
    /// <summary>Null: a cluster is read.</summary>
    public string? ManifestsDirectory { get; init; }

    /// <summary>Where directory mode keeps what a cluster would keep; is there. Null: nowhere.</summary>
    public string? StateDirectory { get; init; }

    /// <summary>Null: manifests are read.</summary>
    public ApiConnection? Connection { get; init; }

    /// <summary>What is read of that cluster.</summary>
    public ReadingOptions Reading { get; init; } = new();

    /// <summary>Null: manifests are read, and nothing is written.</summary>
    public WritingOptions? Writing { get; init; }

    /// <summary>Null: no certificates are obtained.</summary>
    public AcmeOptions? Acme { get; init; }

    /// <summary>Null: all addresses of both families.</summary>
    public IPAddress? BindAddress { get; init; }

    /// <summary>0: any free port.</summary>
    public int HttpPort { get; init; } = 8080;

    /// <summary>0: any free port.</summary>
    public int HttpsPort { get; init; } = 8443;

    /// <summary>The port that clients use for https, in redirects and in X-Forwarded-Port.</summary>
    public int PublicHttpsPort { get; init; } = 443;

    /// <summary>The oldest version of TLS that clients may speak.</summary>
    public SslProtocols TlsMinVersion { get; init; } = SslProtocols.Tls12;

    /// <summary>Empty: the platform's.</summary>
    public EquatableArray<TlsCipherSuite> TlsCiphers { get; init; }

    /// <summary>0: any free port.</summary>
    public int AdminPort { get; init; } = 9090;

    /// <summary>Opens the dashboard and its data to who has the token in it; null: to nobody off this host.</summary>
    public string? AdminTokenFile { get; init; }

    /// <summary>Opens them to everybody whom the network lets through.</summary>
    public bool AdminAllowRemote { get; init; }

    public TranslationOptions Translation { get; init; } = new();

    /// <summary>Authorities are asked, where a certificate says how, whether it was revoked, and clients are told.</summary>
    public bool StaplesOcsp { get; init; } = true;

    /// <summary>Peers whose forwarding headers are believed, and PROXY headers taken.</summary>
    public EquatableArray<IPNetwork> TrustedProxies { get; init; }

    /// <summary>What clients may take.</summary>
    public LimitOptions Limits { get; init; } = new();

    /// <summary>Connections to the public ports begin with a PROXY header; not without trusted proxies.</summary>
    public bool ProxyProtocol { get; init; }

    /// <summary>HTTP/3 too, where the platform has QUIC.</summary>
    public bool Http3 { get; init; }

    /// <summary>Bytes of a request's body, where the Ingress says nothing; null: no limit.</summary>
    public long? MaxBodySize { get; init; }

    /// <summary>Between the end of readiness and the end of accepting.</summary>
    public TimeSpan ShutdownDelay { get; init; } = TimeSpan.Zero;

    /// <summary>For requests in flight, after the end of accepting.</summary>
    public TimeSpan ShutdownGracePeriod { get; init; } = TimeSpan.FromSeconds(30);

    public LogFormat LogFormat { get; init; } = LogFormat.Console;

    /// <summary>Null: as <see cref="LogFormat"/>.</summary>
    public AccessLogFormat? AccessLogFormat { get; init; }

    /// <summary>Which requests have a line in the access log.</summary>
    public AccessLogFilter AccessLogFilter { get; init; } = AccessLogFilter.Everything;

    public MetricsOptions Metrics { get; init; } = new();

    /// <summary>Null: no spans are made. Not without a collector.</summary>
    public TracingOptions? Tracing { get; init; }

    /// <summary>Who this is, to those who collect telemetry.</summary>
    public TelemetryIdentity Identity { get; init; } = TelemetryIdentity.Here;

    /// <summary>Where the access log goes; null: there is nowhere to write to.</summary>
    public Stream? AccessLog { get; init; } = Stream.Null;
}
