using System.Net;
using IngressController.Proxy.Forwarding;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace IngressController.Proxy.Listening;

/// <summary>
/// Finds out who has connected: the peer, or whom its PROXY header names. Everybody after this takes it from the connection's end points. Where the
/// header is asked for, only trusted peers may send one, and who sends none or a wrong one is closed: otherwise clients could name themselves as they like.
/// </summary>
internal sealed class PeerDetection(ConnectionDelegate next, ProxyOptions options, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan ToldEvery = TimeSpan.FromMinutes(1);

    private readonly TrustedProxies trusted = new(options.TrustedProxies);
    private long told;

    public async Task OnConnectionAsync(ConnectionContext connection)
    {
        Unmap(connection);
        if (!options.ProxyProtocol || await TakesHeaderAsync(connection))
        {
            await next(connection);
        }
    }

    /// <summary>Once here instead of for every request.</summary>
    public static void Unmap(BaseConnectionContext connection)
    {
        connection.RemoteEndPoint = Unmapped(connection.RemoteEndPoint);
        connection.LocalEndPoint = Unmapped(connection.LocalEndPoint);
    }

    private async ValueTask<bool> TakesHeaderAsync(ConnectionContext connection)
    {
        if (connection.RemoteEndPoint is not IPEndPoint peer || !trusted.Contains(peer.Address))
        {
            Tell(connection.RemoteEndPoint, "is not among the trusted proxies");
            return false;
        }

        if (await FirstBytes.ReadAsync<ProxyHeader?>(connection, ProxyHeader.Read, options.ProxyHeaderTimeout, time, late: static () => { }) is not { } read)
        {
            return false; // checks of ports that say nothing are common
        }

        if (read.Value is not { } header)
        {
            Tell(peer, "does not begin with a PROXY protocol header");
            return false;
        }

        connection.RemoteEndPoint = header.Source ?? peer;
        connection.LocalEndPoint = header.Destination ?? connection.LocalEndPoint;
        return true;
    }

    /// <summary>Who sets this up wrongly sees nothing but closed connections, so it is said; not for each of them, because anybody can connect.</summary>
    private void Tell(EndPoint? peer, string why)
    {
        var (before, now) = (Volatile.Read(ref told), time.GetTimestamp());
        if ((before == 0 || time.GetElapsedTime(before, now) >= ToldEvery) && Interlocked.CompareExchange(ref told, now, before) == before)
        {
            Log.PeerRefused(logger, peer?.ToString() ?? "nobody", why);
        }
    }

    private static EndPoint? Unmapped(EndPoint? point) =>
        point is IPEndPoint { Address.IsIPv4MappedToIPv6: true } mapped ? new IPEndPoint(mapped.Address.MapToIPv4(), mapped.Port) : point;
}
