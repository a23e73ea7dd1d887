using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Security;
using System.Text;
using Microsoft.Extensions.Options;

namespace IngressController.Proxy.Forwarding;

/// <summary>What makes connections to destinations differ in kind.</summary>
/// <param name="ConnectTimeout">One of a few: see <see cref="Of"/>.</param>
/// <param name="ByName">The destinations are DNS names: connections are renewed so that the name is resolved again.</param>
/// <param name="Tls">Pools are by Host, because the Host header is the SNI name. Clients choose it, so idle connections close soon.</param>
internal readonly record struct UpstreamSetting(TimeSpan ConnectTimeout, bool ByName, bool Tls)
{
    private static readonly int[] ConnectSeconds = [1, 2, 3, 5, 10, 15, 30, 60, 120, 300, 900, 3600];

    /// <summary>Rounds the time limit up to one of a closed set: whoever writes annotations must not be able to fill the table of clients.</summary>
    public static UpstreamSetting Of(TimeSpan connectTimeout, bool byName, bool tls)
    {
        var seconds = Array.Find(ConnectSeconds, limit => limit >= connectTimeout.TotalSeconds);
        return new(TimeSpan.FromSeconds(seconds == 0 ? ConnectSeconds[^1] : seconds), byName, tls);
    }
}

/// <summary>
/// One client for each distinct setting, shared by all backends that have it: the handler keeps its pools by scheme, address and SNI anyway, and
/// 5,000 handlers would be 60 MB. Settings are few, so a client stays when its last backend goes; its idle connections close by themselves.
/// </summary>
internal sealed class UpstreamClients(IOptions<ProxyOptions> options, TimeProvider time)
{
    private static readonly TimeSpan NamesLiveFor = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan IdleConnectionsLiveFor = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan IdleTlsConnectionsLiveFor = TimeSpan.FromSeconds(5);

    private readonly Dictionary<UpstreamSetting, HttpMessageInvoker> clients = [];

    /// <summary>For the single writer only.</summary>
    public HttpMessageInvoker For(UpstreamSetting setting)
    {
        if (!clients.TryGetValue(setting, out var client))
        {
            client = new HttpMessageInvoker(CreateHandler(setting));
            clients.Add(setting, client);
        }

        return client;
    }

    private SocketsHttpHandler CreateHandler(UpstreamSetting setting) => new()
    {
        ConnectCallback = new UpstreamConnector(setting.ConnectTimeout, options.Value.AllowLocalTargets, time).ConnectAsync,
        ConnectTimeout = setting.ConnectTimeout * 2, // the connector's limit, and as much again for the TLS handshake
        PooledConnectionLifetime = setting.ByName ? NamesLiveFor : Timeout.InfiniteTimeSpan,
        PooledConnectionIdleTimeout = setting.Tls ? IdleTlsConnectionsLiveFor : IdleConnectionsLiveFor,
        EnableMultipleHttp2Connections = true,
        SslOptions = Tls(),

        // Nothing is followed, remembered, unpacked or added on a client's behalf, and header bytes are not reinterpreted.
        UseProxy = false,
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        RequestHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
        ResponseHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
    };

    /// <summary>
    /// TLS to pods encrypts but proves nothing unless verification is asked for, as in ingress-nginx (proxy-ssl-verify off): pods have certificates of
    /// their own making. This is the one place that decides it.
    /// </summary>
    [SuppressMessage("Security", "CA5359", Justification = "As ingress-nginx does by default; see above")]
    private static SslClientAuthenticationOptions Tls() => new()
    {
        RemoteCertificateValidationCallback = static (_, _, _, _) => true,
    };
}
