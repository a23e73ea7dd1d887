using System.Net;
using System.Net.Sockets;
using IngressController.Routing.Model;

namespace IngressController.Testing;

/// <summary>A listener whose queue is full: Linux drops further connection requests, as a dead node would, until it is told to accept.</summary>
public sealed class SilentListener : IDisposable
{
    private readonly Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly List<Socket> waiting = [];

    public SilentListener()
    {
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(0);
        for (var connection = 0; connection < 4; connection++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
            waiting.Add(socket);
            try
            {
                socket.Connect(listener.LocalEndPoint!);
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
            {
            }
        }
    }

    public Destination Destination => new("127.0.0.1", ((IPEndPoint)listener.LocalEndPoint!).Port);

    /// <summary>Accepts whoever comes or still tries, which Linux does after 1, 3, 7 seconds.</summary>
    public async Task AcceptAsync(CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            try
            {
                waiting.Add(await listener.AcceptAsync(end));
            }
            catch (OperationCanceledException)
            {
            }
        }
    }

    public void Dispose()
    {
        waiting.ForEach(socket => socket.Dispose());
        listener.Dispose();
    }
}
