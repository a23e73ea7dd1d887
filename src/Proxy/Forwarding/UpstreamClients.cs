using System.Net;
using System.Text;
using Microsoft.Extensions.Options;

namespace IngressController.Proxy.Forwarding;

/// <summary>
/// One client for each distinct setting, shared by all backends that have it: the handler keeps its pools by address anyway, and 5,000 handlers would be
/// 60 MB. A changed certificate or name is another setting, and so has connections of its own.
/// </summary>
internal sealed class UpstreamClients(IOptions<ProxyOptions> options, TlsFailureLog failures, TimeProvider time)
{
    private static readonly TimeSpan NamesLiveFor = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan IdleConnectionsLiveFor = TimeSpan.FromSeconds(60);

    /// <summary>Where HTTP/2 is spoken over TLS, pools are by Host too, which clients choose.</summary>
    private static readonly TimeSpan IdleConnectionsByHostLiveFor = TimeSpan.FromSeconds(5);

    private readonly Dictionary<UpstreamSetting, (HttpMessageInvoker Client, int Backends)> clients = [];

    /// <summary>For the single writer only; each call is answered by one of <see cref="GiveBack"/>.</summary>
    public HttpMessageInvoker Take(UpstreamSetting setting)
    {
        var (client, backends) = clients.TryGetValue(setting, out var known) ? known : (Create(setting, default), 0);
        clients[setting] = (client, backends + 1);
        return client;
    }

    /// <summary>
    /// For the single writer only. A client that no backend has any more is forgotten but not disposed of: a request may be just about to use it. What is
    /// under way ends in peace, and connections close when they have been idle.
    /// </summary>
    public void GiveBack(UpstreamSetting setting)
    {
        var (client, backends) = clients[setting];
        if (backends == 1)
        {
            clients.Remove(setting);
        }
        else
        {
            clients[setting] = (client, backends - 1);
        }
    }

    /// <param name="header">What every connection begins with.</param>
    /// <exception cref="System.Security.Cryptography.CryptographicException">The certificates of the setting cannot be read.</exception>
    public HttpMessageInvoker Create(UpstreamSetting setting, ReadOnlyMemory<byte> header) => new(CreateHandler(setting, header));

    private SocketsHttpHandler CreateHandler(UpstreamSetting setting, ReadOnlyMemory<byte> header) => new()
    {
        ConnectCallback = new UpstreamConnector(setting, header, options.Value.AllowLocalTargets, failures, time).ConnectAsync,
        ConnectTimeout = Timeout.InfiniteTimeSpan, // the connector keeps the limit
        PooledConnectionLifetime = setting.ByName ? NamesLiveFor : Timeout.InfiniteTimeSpan,
        PooledConnectionIdleTimeout = setting is { IsHttp2: true, Tls: not null } ? IdleConnectionsByHostLiveFor : IdleConnectionsLiveFor,
        EnableMultipleHttp2Connections = true,

        // Nothing is followed, remembered, unpacked or added on a client's behalf, and header bytes are not reinterpreted.
        UseProxy = false,
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        RequestHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
        ResponseHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
    };
}
