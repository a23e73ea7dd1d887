using System.Net;
using System.Net.Sockets;
using IngressController.Routing.Model;

namespace IngressController.Proxy.Streams;

/// <summary>Accepts connections, and has each carried to where its port leads when it comes.</summary>
internal sealed class TcpPort : IStreamPort
{
    private const int Backlog = 512;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly Socket listener;
    private readonly StreamSessions sessions;
    private readonly SessionBook book;
    private readonly TcpCarrier carrier;
    private readonly TimeProvider time;
    private volatile StreamService service;

    /// <param name="listener">Bound; belongs to this from now on.</param>
    /// <exception cref="SocketException">It cannot listen.</exception>
    public TcpPort(Socket listener, StreamService service, ProxyOptions options, StreamSessions sessions, SessionBook book, TimeProvider time)
    {
        (this.listener, this.service, this.sessions, this.book, this.time) = (listener, service, sessions, book, time);
        carrier = new(options, book, time, sessions.Cut);
        listener.Listen(Backlog);
        sessions.Listen(AcceptAsync);
    }

    public void Update(StreamService service) => this.service = service;

    /// <summary>Whose connection stands already is served too: the system resets those that wait to be accepted when their port closes.</summary>
    public void Close()
    {
        listener.Blocking = false;
        try
        {
            for (var waiting = 0; waiting <= Backlog; waiting++)
            {
                Take(listener.Accept());
            }
        }
        catch (SocketException)
        {
            // nobody waits
        }

        listener.Dispose();
    }

    /// <summary>What can happen here: a connection comes; or none can be taken, for want of memory or descriptors, and some will be free soon; or the port closes.</summary>
    private async Task AcceptAsync()
    {
        while (true)
        {
            try
            {
                Take(await listener.AcceptAsync());
            }
            catch (Exception e) when (e is ObjectDisposedException or SocketException { SocketErrorCode: SocketError.OperationAborted or SocketError.Interrupted or SocketError.InvalidArgument })
            {
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(Pause, time);
            }
        }
    }

    private void Take(Socket client)
    {
        client.Blocking = true; // it has that of its port
        var (target, peer) = (service, StreamSocket.Unmapped((IPEndPoint)client.RemoteEndPoint!));
        if (!sessions.TryStart(() => carrier.CarryAsync(client, peer, target)))
        {
            book.NoRoom(target, peer.Address);
            client.Dispose();
        }
    }
}
