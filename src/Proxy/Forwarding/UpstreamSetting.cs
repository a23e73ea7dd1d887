using IngressController.Routing.Model;

namespace IngressController.Proxy.Forwarding;

/// <summary>What makes connections to destinations differ in kind.</summary>
/// <param name="ConnectTimeout">One of a few: see <see cref="Rounded"/>.</param>
/// <param name="ByName">The destinations are DNS names: connections are renewed so that the name is resolved again.</param>
/// <param name="IsHttp2">Spoken without asking; over TLS it is also what ALPN must agree on.</param>
/// <param name="Tls">Null: cleartext.</param>
/// <param name="ProxyProtocol">Where it is not None, connections are shared by nobody: see <see cref="OwnClients"/>.</param>
internal sealed record UpstreamSetting(TimeSpan ConnectTimeout, bool ByName, bool IsHttp2, UpstreamIdentity? Tls, ProxyProtocolVersion ProxyProtocol)
{
    private static readonly int[] ConnectSeconds = [1, 2, 3, 5, 10, 15, 30, 60, 120, 300, 900, 3600];

    /// <summary>Rounds a time limit up to one of a closed set: whoever writes annotations must not be able to fill the table of clients.</summary>
    public static TimeSpan Rounded(TimeSpan connectTimeout)
    {
        var seconds = Array.Find(ConnectSeconds, limit => limit >= connectTimeout.TotalSeconds);
        return TimeSpan.FromSeconds(seconds == 0 ? ConnectSeconds[^1] : seconds);
    }
}
