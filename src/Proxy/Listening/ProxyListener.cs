using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IngressController.Proxy.Listening;

/// <summary>How Kestrel listens for the public's requests.</summary>
public static class ProxyListener
{
    /// <summary>
    /// Limits of the whole server. Request bodies have none, neither in size nor in speed: a backend decides what it takes, and a transfer that stands
    /// still ends by the route's idle timeout. A client that does not read its answers is cut off; streams that have nothing to send are not.
    /// </summary>
    public static void UseProxyLimits(this KestrelServerOptions server)
    {
        server.AddServerHeader = false;
        server.RequestHeaderEncodingSelector = static _ => Encoding.Latin1; // keeps every byte of a value as it came
        server.ResponseHeaderEncodingSelector = static _ => Encoding.Latin1;

        var limits = server.Limits;
        limits.MaxRequestBodySize = null;
        limits.MinRequestBodyDataRate = null;
        limits.MinResponseDataRate = new(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(60)); // nginx's send_timeout
        limits.MaxRequestHeaderCount = 200;
        limits.KeepAliveTimeout = TimeSpan.FromSeconds(75); // nginx's keepalive_timeout
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(60); // nginx's client_header_timeout
        limits.Http2.MaxStreamsPerConnection = 128; // nginx's http2_max_concurrent_streams
    }

    /// <summary>A public port without TLS: HTTP/1.1, and HTTP/2 for clients that begin with it (prior knowledge), as gRPC without TLS does.</summary>
    public static void UseProxyCleartext(this ListenOptions listener)
    {
        listener.Protocols = HttpProtocols.Http1;
        var (options, time) = listener.UsePeerDetection();
        listener.Use(next => new PrefaceDetection(next, options.FirstByteTimeout, time).OnConnectionAsync);
    }

    /// <summary>A public port with TLS: HTTP/2 and HTTP/1.1, by ALPN.</summary>
    public static void UseProxyTls(this ListenOptions listener, CertificateSelector certificates)
    {
        listener.Protocols = HttpProtocols.Http1AndHttp2;
        var (options, time) = listener.UsePeerDetection();
        listener.Use(next => new TlsDetection(next, options.FirstByteTimeout, time).OnConnectionAsync);
        var services = listener.ApplicationServices;
        var passthrough = services.GetRequiredService<Passthrough>();
        listener.Use(next => connection => passthrough.OnConnectionAsync(connection, next));
        new TlsTermination(certificates, services.GetRequiredService<DataPlane>(), options).Use(listener);
    }

    /// <summary>First of all, because a PROXY header stands before everything that a client sends.</summary>
    private static (ProxyOptions Options, TimeProvider Time) UsePeerDetection(this ListenOptions listener)
    {
        var services = listener.ApplicationServices;
        var (options, time) = (services.GetRequiredService<IOptions<ProxyOptions>>().Value, services.GetRequiredService<TimeProvider>());
        var logger = services.GetRequiredService<ILogger<DataPlane>>();
        listener.Use(next => new PeerDetection(next, options, time, logger).OnConnectionAsync);
        return (options, time);
    }
}
