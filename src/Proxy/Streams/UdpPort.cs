using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using IngressController.Proxy.Balancing;
using IngressController.Proxy.Limits;
using IngressController.Proxy.Pipeline;
using IngressController.Routing.Model;
using Microsoft.AspNetCore.Http;

namespace IngressController.Proxy.Streams;

/// <summary>Carries the datagrams of each client to one destination, and its datagrams back, as long as there are any.</summary>
internal sealed class UdpPort : IStreamPort
{
    private readonly Socket socket;
    private readonly ProxyOptions options;
    private readonly StreamSessions sessions;
    private readonly SessionBook book;
    private readonly TimeProvider time;
    private readonly Turn turn = new();
    private readonly ConcurrentDictionary<IPEndPoint, UdpSession> clients = new();
    private volatile StreamService service;
    private volatile bool isClosed;

    /// <param name="socket">Bound; belongs to this from now on.</param>
    public UdpPort(Socket socket, StreamService service, ProxyOptions options, StreamSessions sessions, SessionBook book, TimeProvider time)
    {
        (this.socket, this.service, this.options, this.sessions, this.book, this.time) = (socket, service, options, sessions, book, time);
        sessions.Listen(ReceiveAsync);
    }

    /// <summary>Clients of a destination that is gone get another one.</summary>
    public void Update(StreamService service)
    {
        this.service = service;
        foreach (var session in clients.Values.Where(session => !((IEnumerable<Destination>)service.Destinations).Contains(session.Destination)))
        {
            session.End();
        }
    }

    /// <summary>UDP has no connections that could finish: what is asked may be asked again.</summary>
    public void Close()
    {
        isClosed = true;
        socket.Dispose();
        foreach (var session in clients.Values)
        {
            session.End();
        }
    }

    /// <summary>What can happen here: a datagram comes; or one that we sent has found nobody, which the system tells here; or the port closes.</summary>
    private async Task ReceiveAsync()
    {
        var buffer = new byte[ushort.MaxValue];
        var anybody = new IPEndPoint(socket.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, 0);
        while (!isClosed)
        {
            try
            {
                var received = await socket.ReceiveFromAsync(buffer, SocketFlags.None, anybody);
                if (SessionOf((IPEndPoint)received.RemoteEndPoint) is { } session)
                {
                    session.Send(buffer.AsSpan(0, received.ReceivedBytes));
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
            }
        }
    }

    /// <returns>Null where there is no destination or no room.</returns>
    private UdpSession? SessionOf(IPEndPoint client) => clients.TryGetValue(client, out var known) ? known : Begin(client, service);

    private UdpSession? Begin(IPEndPoint client, StreamService target)
    {
        var from = StreamSocket.Unmapped(client).Address;
        if (target.Destinations.IsEmpty)
        {
            book.Refuse(target, from, StatusCodes.Status502BadGateway, Reason.NoEndpoints);
            return null;
        }

        if (clients.Count >= options.MaxUdpSessions)
        {
            book.Refuse(target, from, StatusCodes.Status503ServiceUnavailable, Reason.TooManySessions);
            return null;
        }

        var destination = target.Destinations[turn.Next(target.Destinations.Count)];
        if (!IPAddress.TryParse(destination.Host, out var address) || (LocalAddresses.Contains(address) && !options.AllowLocalTargets))
        {
            book.Refuse(target, from, StatusCodes.Status502BadGateway, Reason.TargetRefused);
            return null;
        }

        UdpSession session;
        try
        {
            session = UdpSession.Open(socket, client, destination, new(address, destination.Port), options.UdpIdleTimeout, time);
        }
        catch (SocketException)
        {
            book.Refuse(target, from, StatusCodes.Status502BadGateway, Reason.ConnectFailed);
            return null;
        }

        clients[client] = session;
        if (!sessions.TryStart(() => CarryAsync(client, session, target)))
        {
            clients.TryRemove(client, out _);
            session.Dispose();
            book.NoRoom(target, from);
            return null;
        }

        return session;
    }

    private async Task CarryAsync(IPEndPoint client, UdpSession session, StreamService target)
    {
        var entry = book.Open(target, StreamSocket.Unmapped(client).Address);
        entry.Tries.Begin(session.Destination.ToString());
        await session.RunAsync(sessions.Cut);
        clients.TryRemove(client, out _);
        session.Dispose();
        entry.Carried(session.Sent, session.Received, sessions.Cut.IsCancellationRequested ? Reason.ShuttingDown : session.IsBroken ? Reason.BrokenTunnel : Reason.None);
        if (session.IsBroken && session.Received == 0)
        {
            entry.Tries.Failed(Reason.ConnectFailed);
            entry.Fail(StatusCodes.Status502BadGateway, Reason.ConnectFailed);
        }

        book.Close(entry);
    }
}
