using System.Text;
using IngressController.Proxy.Limits;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IngressController.Proxy.Listening;

/// <summary>How Kestrel listens for the public's requests.</summary>
public static class ProxyListener
{
    private static readonly TimeSpan ShortestGrace = TimeSpan.FromSeconds(1.5); // Kestrel's own: it looks once a second

    /// <summary>
    /// What Kestrel itself keeps of the limits. Kestrel's for the speed of bodies are not used: they end streams that are quiet because nobody has anything
    /// to say (<see cref="TimedUpload"/> does not). That for answers is left for small ones, which have been handed over whole.
    /// </summary>
    public static void UseProxyLimits(this KestrelServerOptions server)
    {
        server.AddServerHeader = false;
        server.RequestHeaderEncodingSelector = static _ => Encoding.Latin1; // keeps every byte of a value as it came
        server.ResponseHeaderEncodingSelector = static _ => Encoding.Latin1;

        var (given, limits) = (server.ApplicationServices.GetRequiredService<IOptions<ProxyOptions>>().Value.Limits, server.Limits);
        limits.MaxRequestBodySize = null;
        limits.MinRequestBodyDataRate = null;
        limits.MinResponseDataRate = new(bytesPerSecond: 240, gracePeriod: given.WriteTimeout < ShortestGrace ? ShortestGrace : given.WriteTimeout);
        limits.MaxRequestHeaderCount = given.MaxHeaderCount;
        limits.MaxRequestHeadersTotalSize = given.MaxHeaderBytes;
        limits.MaxRequestLineSize = Math.Max(given.MaxRequestLine, 2 * given.MaxHeaderBytes); // the route step's limit; none that Kestrel would reset HTTP/2 streams for
        limits.MaxRequestBufferSize = Math.Max(limits.MaxRequestBufferSize!.Value, given.MaxHeaderBytes + limits.MaxRequestLineSize);
        limits.KeepAliveTimeout = given.KeepAliveTimeout;
        limits.RequestHeadersTimeout = given.HeaderTimeout;
        limits.Http2.MaxStreamsPerConnection = given.MaxStreams;
        limits.Http2.MaxRequestHeaderFieldSize = 2 * given.MaxHeaderBytes; // more ends the connection; up to twice the bytes in all it is answered
        limits.Http3.MaxRequestHeaderFieldSize = limits.Http2.MaxRequestHeaderFieldSize;
    }

    /// <summary>A public port without TLS: HTTP/1.1, and HTTP/2 for clients that begin with it (prior knowledge), as gRPC without TLS does.</summary>
    public static void UseProxyCleartext(this ListenOptions listener)
    {
        listener.Protocols = HttpProtocols.Http1;
        var (options, time) = listener.UsePeerDetection("http");
        var services = listener.ApplicationServices;
        var metrics = services.GetRequiredService<LimitMetrics>();
        listener.Use(next => new PrefaceDetection(next, options.FirstByteTimeout, time, metrics).OnConnectionAsync);
        listener.Use(services.GetRequiredService<IdleConnections>().Watch);
    }

    /// <summary>A public port with TLS: HTTP/2 and HTTP/1.1, by ALPN; HTTP/3 where that is asked for.</summary>
    /// <param name="challenges">Null: certificate authorities are clients like any other.</param>
    public static void UseProxyTls(this ListenOptions listener, CertificateSelector certificates, ChallengeCertificateSelector? challenges = null)
    {
        var (options, time) = listener.UsePeerDetection("https");
        listener.Protocols = options.Http3 ? HttpProtocols.Http1AndHttp2AndHttp3 : HttpProtocols.Http1AndHttp2;
        listener.DisableAltSvcHeader = true; // Kestrel's names the port that it listens on, clients need the public one
        var services = listener.ApplicationServices;
        var (limits, handshakes) = (services.GetRequiredService<LimitMetrics>(), services.GetRequiredService<ConnectionMetrics>());
        listener.Use(next => new TlsDetection(next, options.FirstByteTimeout, time, limits, handshakes).OnConnectionAsync);
        if (challenges is not null)
        {
            listener.Use(next => ChallengeHandshakes.Recognize(next, challenges));
        }

        var passthrough = services.GetRequiredService<Passthrough>();
        listener.Use(next => connection => passthrough.OnConnectionAsync(connection, next));
        new TlsTermination(certificates, services.GetRequiredService<DataPlane>(), options).Use(listener);
        listener.Use(ChallengeHandshakes.End);
        listener.Use(services.GetRequiredService<IdleConnections>().Watch);
        if (options.Http3)
        {
            new QuicConnections(services.GetRequiredService<ConnectionMetrics>(), services.GetRequiredService<ConnectionLimits>()).Use(listener);
        }
    }

    /// <summary>
    /// First the limits that hold for whoever connects; then the client's address, because a PROXY header stands before everything that a client sends; then what is
    /// limited by it.
    /// </summary>
    private static (ProxyOptions Options, TimeProvider Time) UsePeerDetection(this ListenOptions listener, string port)
    {
        var services = listener.ApplicationServices;
        var (options, time) = (services.GetRequiredService<IOptions<ProxyOptions>>().Value, services.GetRequiredService<TimeProvider>());
        var logger = services.GetRequiredService<ILogger<DataPlane>>();
        var connections = services.GetRequiredService<ConnectionLimits>();
        var metrics = services.GetRequiredService<ConnectionMetrics>();
        listener.Use(next => metrics.Count<ConnectionContext>(next.Invoke, port).Invoke);
        listener.Use(next => connections.CountAll<ConnectionContext>(next.Invoke).Invoke);
        listener.Use(services.GetRequiredService<WatchedTransport>().Watch);
        listener.Use(next => new PeerDetection(next, options, time, logger).OnConnectionAsync);
        listener.Use(next => connections.CountClient<ConnectionContext>(next.Invoke).Invoke);
        return (options, time);
    }
}
