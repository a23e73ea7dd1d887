using System.Net.Quic;

namespace IngressController.Proxy.Listening;

/// <summary>Whether HTTP/3 can be spoken here.</summary>
public static class Http3Support
{
    /// <summary>The platform has QUIC: on Linux the library libmsquic, and TLS 1.3.</summary>
    public static bool IsThere => OperatingSystem.IsLinux() && QuicListener.IsSupported;
}
