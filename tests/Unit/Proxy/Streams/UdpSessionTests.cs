using System.Net;
using System.Net.Sockets;
using IngressController.Proxy.Streams;
using IngressController.Routing.Model;
using IngressController.Testing;

namespace IngressController.Unit.Proxy.Streams;

public sealed class UdpSessionTests
{
    /// <summary>A port may have thousands of clients at a time, and a datagram up to 64 KiB.</summary>
    [Fact]
    public async Task A_session_without_a_word_holds_no_buffer()
    {
        using var port = Bound();
        using var server = Bound();
        using var session = UdpSession.Open(
            port, (IPEndPoint)port.LocalEndPoint!, new("127.0.0.1", PortOf(server)), (IPEndPoint)server.LocalEndPoint!, TimeSpan.FromMinutes(1), new ManualClock());
        var before = GC.GetAllocatedBytesForCurrentThread();
        var run = session.RunAsync(CancellationToken.None);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        session.End();
        await run.InTime();
        Assert.InRange(allocated, 0, 32 * 1024);
    }

    private static int PortOf(Socket socket) => ((IPEndPoint)socket.LocalEndPoint!).Port;

    private static Socket Bound()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }
}
