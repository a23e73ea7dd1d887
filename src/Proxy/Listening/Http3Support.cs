using System.Net.Quic;
using IngressController.Proxy.Limits;
using Microsoft.AspNetCore.Hosting;

namespace IngressController.Proxy.Listening;

/// <summary>Whether HTTP/3 can be spoken here, and what the server needs for it.</summary>
public static class Http3Support
{
    /// <summary>The platform has QUIC: on Linux the library libmsquic, and TLS 1.3.</summary>
    public static bool IsThere => OperatingSystem.IsLinux() && QuicListener.IsSupported;

    /// <summary>Lets the server speak it at the ports whose protocols include it. Their port cannot be 0: Kestrel would not have the same one for TCP and UDP.</summary>
    public static IWebHostBuilder UseProxyHttp3(this IWebHostBuilder server, LimitOptions limits) => server
        .UseKestrelHttpsConfiguration() // Kestrel does not listen without it, though it gives us nothing
        .UseQuic(quic => Internals.LimitRequests(quic, Math.Min(limits.MaxStreams, ushort.MaxValue)));
}
