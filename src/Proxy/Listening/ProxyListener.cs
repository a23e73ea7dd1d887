using System.Net;
using System.Text;
using IngressController.Proxy.Limits;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
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
        limits.MaxRequestLineSize = given.MaxRequestLine;
        limits.MaxRequestBufferSize = Math.Max(limits.MaxRequestBufferSize!.Value, given.MaxHeaderBytes + given.MaxRequestLine);
        limits.KeepAliveTimeout = given.KeepAliveTimeout;
        limits.RequestHeadersTimeout = given.HeaderTimeout;
        limits.Http2.MaxStreamsPerConnection = given.MaxStreams;
        limits.Http2.MaxRequestHeaderFieldSize = given.MaxHeaderBytes;
    }

    /// <summary>A public port without TLS: HTTP/1.1, and HTTP/2 for clients that begin with it (prior knowledge), as gRPC without TLS does.</summary>
    public static void UseProxyCleartext(this ListenOptions listener)
    {
        listener.Protocols = HttpProtocols.Http1;
        var services = listener.ApplicationServices;
        var timeout = services.GetRequiredService<IOptions<ProxyOptions>>().Value.FirstByteTimeout;
        var time = services.GetRequiredService<TimeProvider>();
        listener.UseLimits();
        listener.Use(next => new PrefaceDetection(next, timeout, time).OnConnectionAsync);
    }

    /// <summary>A public port with TLS: HTTP/2 and HTTP/1.1, by ALPN.</summary>
    public static void UseProxyTls(this ListenOptions listener, CertificateSelector certificates)
    {
        listener.Protocols = HttpProtocols.Http1AndHttp2;
        var services = listener.ApplicationServices;
        var timeout = services.GetRequiredService<IOptions<ProxyOptions>>().Value.FirstByteTimeout;
        var time = services.GetRequiredService<TimeProvider>();
        listener.UseLimits();
        listener.Use(next => new TlsDetection(next, timeout, time).OnConnectionAsync);
        new TlsTermination(certificates).Use(listener);
    }
    /// <summary>Before all that reads, and below TLS.</summary>
    private static void UseLimits(this ListenOptions listener)
    {
        var connections = listener.ApplicationServices.GetRequiredService<ConnectionLimits>();
        listener.Use(connections.CountAll);
        listener.Use(connections.CountClient);
        listener.Use(listener.ApplicationServices.GetRequiredService<WatchedTransport>().Watch);
    }
}
