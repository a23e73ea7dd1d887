using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using IngressController.Proxy.AccessLog;
using IngressController.Proxy.Limits;
using IngressController.Proxy.Listening;
using IngressController.Proxy.Tracing;
using IngressController.Routing.Model;

namespace IngressController.Proxy;

/// <summary>What the operator decides about the data plane.</summary>
public sealed class ProxyOptions : IValidatableObject
{
    /// <summary>Peers whose forwarded headers are believed. Nobody by default: then every such header is replaced.</summary>
    public IList<IPNetwork> TrustedProxies { get; } = [];

    /// <summary>Connections begin with a PROXY protocol header, which only <see cref="TrustedProxies"/> may send; all others are closed.</summary>
    public bool ProxyProtocol { get; set; }

    /// <summary>Time that a trusted proxy has to send its header; ingress-nginx's proxy-protocol-header-timeout.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "01:00:00")]
    public TimeSpan ProxyHeaderTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The oldest version of TLS that clients may speak: <see cref="SslProtocols.Tls12"/> or <see cref="SslProtocols.Tls13"/>.</summary>
    [AllowedValues(SslProtocols.Tls12, SslProtocols.Tls13)]
    public SslProtocols TlsMinVersion { get; set; } = SslProtocols.Tls12;

    /// <summary>The https port speaks HTTP/3 too. Only where the server has QUIC (<see cref="Http3Support"/>).</summary>
    public bool Http3 { get; set; }

    /// <summary>
    /// The cipher suites for clients, from <see cref="TlsCipherSuites.All"/>; of a version without any here, its suites of that set are used. Empty: those of the
    /// platform, which are ECDHE with AEAD or CBC and SHA-2. The platform resumes sessions only where this is empty.
    /// </summary>
    public IList<TlsCipherSuite> TlsCiphers { get; } = [];

    /// <summary>
    /// Whether a destination may be a loopback, link-local, unspecified or multicast address. True in directory mode, where backends run on the
    /// same machine; in a cluster it would let whoever writes an ExternalName Service reach the node and the cloud's metadata service.
    /// </summary>
    public bool AllowLocalTargets { get; set; }

    /// <summary>The port that clients use for https when the Host header names none; goes into X-Forwarded-Port, and into redirects.</summary>
    [Range(1, 65535)]
    public int PublicHttpsPort { get; set; } = 443;

    /// <summary>What holds for requests that no route answers, and where a route's policies leave it to the whole server.</summary>
    [Required]
    public RoutePolicies Policies { get; set; } = RoutePolicies.Default;

    [Required]
    public AccessLogFormat AccessLog { get; set; } = AccessLogFormat.Console;

    /// <summary>
    /// For requests that it takes, and for the tries to have them answered, spans are made; who records them listens to <see cref="RequestTraces.SourceName"/>. Null: trace
    /// contexts pass as they come.
    /// </summary>
    public TraceSampler? TraceSampler { get; set; }

    public TraceContext TraceContext { get; set; }

    /// <summary>Which requests have a line.</summary>
    [Required]
    public AccessLogFilter AccessLogFilter { get; set; } = AccessLogFilter.Everything;

    /// <summary>Requests are counted by the host of their rule, too: as many series as there are hosts.</summary>
    public bool MetricsByHost { get; set; }

    /// <summary>Where access log lines go. Written by one background task only; never closed.</summary>
    [Required]
    public Stream AccessLogOutput { get; set; } = Stream.Null;

    /// <summary>Bytes of lines that may wait for the output. Further lines are dropped and counted, because a request never waits for its log line.</summary>
    [Range(1, 1024 * 1024 * 1024)]
    public int AccessLogBacklog { get; set; } = 8 * 1024 * 1024;

    /// <summary>Time that a new connection has to send its first bytes, in which it shows whether it speaks HTTP/1.1 or HTTP/2.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00")]
    public TimeSpan FirstByteTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Where the ports of TCP and UDP services listen; null: at all addresses of both families.</summary>
    public IPAddress? BindAddress { get; set; }

    /// <summary>Without a byte for this long a connection of a TCP service ends; ingress-nginx's proxy-stream-timeout.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00")]
    public TimeSpan StreamIdleTimeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Without a datagram for this long a client of a UDP service is forgotten.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00")]
    public TimeSpan UdpIdleTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Clients of one port of a UDP service at a time; datagrams of further ones are lost.</summary>
    [Range(1, 60_000)]
    public int MaxUdpSessions { get; set; } = 4096;

    /// <summary>What clients may take.</summary>
    [Required]
    public LimitOptions Limits { get; set; } = new();

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var results = new List<ValidationResult>();
        Validator.TryValidateObject(Limits, new(Limits), results, validateAllProperties: true);
        return results;
    }
}
