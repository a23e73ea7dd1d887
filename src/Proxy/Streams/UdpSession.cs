using System.Buffers;
using System.Net;
using System.Net.Sockets;
using IngressController.Routing.Model;

namespace IngressController.Proxy.Streams;

/// <summary>One client of a UDP port.</summary>
internal sealed class UdpSession : IDisposable
{
    private readonly Socket port;
    private readonly IPEndPoint client;
    private readonly Socket server;
    private readonly TimeSpan idleTimeout;
    private readonly CancellationTokenSource end;

    private UdpSession(Socket port, IPEndPoint client, Destination destination, Socket server, TimeSpan idleTimeout, TimeProvider time)
    {
        (this.port, this.client, Destination, this.server, this.idleTimeout) = (port, client, destination, server, idleTimeout);
        end = new(idleTimeout, time);
    }

    public Destination Destination { get; }

    /// <summary>Bytes for the destination.</summary>
    public long Sent { get; private set; }

    /// <summary>Bytes from it.</summary>
    public long Received { get; private set; }

    /// <summary>The system said that nobody is there.</summary>
    public bool IsBroken { get; private set; }

    /// <exception cref="SocketException">No way leads there, or the process has as many sockets as it may.</exception>
    public static UdpSession Open(Socket port, IPEndPoint client, Destination destination, IPEndPoint address, TimeSpan idleTimeout, TimeProvider time)
    {
        var server = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            server.Connect(address); // binds, and takes answers from nobody else
            return new(port, client, destination, server, idleTimeout, time);
        }
        catch (SocketException)
        {
            server.Dispose();
            throw;
        }
    }

    /// <summary>A datagram that finds no room is lost, as on any link.</summary>
    public void Send(ReadOnlySpan<byte> datagram)
    {
        try
        {
            Sent += datagram.Length; // before the destination can say that nobody is there
            server.Send(datagram, SocketFlags.None);
            end.CancelAfter(idleTimeout);
        }
        catch (SocketException)
        {
            IsBroken = true;
            End(); // the next datagram tries another destination
        }
        catch (ObjectDisposedException)
        {
            // it has just ended
        }
    }

    public void End()
    {
        try
        {
            end.Cancel();
        }
        catch (ObjectDisposedException)
        {
        }
    }

    /// <summary>What can happen here: the destination answers; or it says that nobody is there; or nothing was said for long.</summary>
    public async Task RunAsync(CancellationToken cut)
    {
        await using var cutting = cut.UnsafeRegister(static session => ((UdpSession)session!).End(), this);
        try
        {
            while (true)
            {
                _ = await server.ReceiveAsync(Memory<byte>.Empty, SocketFlags.Peek, end.Token); // until there is something to put into a buffer
                await PassOnAsync();
                end.CancelAfter(idleTimeout);
            }
        }
        catch (SocketException failure)
        {
            IsBroken |= failure.SocketErrorCode != SocketError.OperationAborted; // the port has closed
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
        }
    }

    public void Dispose()
    {
        server.Dispose();
        end.Dispose();
    }

    private async ValueTask PassOnAsync()
    {
        var buffer = ArrayPool<byte>.Shared.Rent(ushort.MaxValue);
        try
        {
            var count = await server.ReceiveAsync(buffer, SocketFlags.None, end.Token);
            Received += count; // it has answered, whatever becomes of that
            await port.SendToAsync(buffer.AsMemory(0, count), SocketFlags.None, client, end.Token);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
