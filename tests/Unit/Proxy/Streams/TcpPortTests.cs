using System.Net;
using System.Net.Sockets;
using IngressController.Proxy;
using IngressController.Proxy.Streams;
using IngressController.Routing.Model;
using IngressController.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace IngressController.Unit.Proxy.Streams;

public sealed class TcpPortTests
{
    /// <summary>For the client its connection stands as soon as the system has answered, whether we have taken it or not.</summary>
    [Fact]
    public async Task Whoever_was_connected_when_the_port_closed_is_served_and_the_drain_waits_for_it()
    {
        await using var peer = new RawBackend((stream, stop) => stream.CopyToAsync(stream, stop));
        using var sessions = new StreamSessions(0, NullLogger.Instance);
        using var services = new ServiceCollection().AddLogging().AddProxy(_ => { }).BuildServiceProvider();
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var address = listener.LocalEndPoint!;
        var service = new StreamService(new(StreamProtocol.Tcp, 70), new("shop", "ports"), new("shop", "peer"), new(null, 7000), false, false, [peer.Destination]);
        var port = new TcpPort(listener, service, new() { AllowLocalTargets = true }, sessions, services.GetRequiredService<SessionBook>(), new ManualClock());
        var clients = Enumerable.Range(0, 100).Select(_ => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)).ToList();
        clients.ForEach(client => client.Connect(address)); // faster than they are taken
        port.Close();
        var drain = sessions.DrainAsync(CancellationToken.None);

        foreach (var client in clients)
        {
            Assert.False(drain.IsCompleted);
            await using var stream = new NetworkStream(client, ownsSocket: true);
            await stream.WriteAsync("x"u8.ToArray());
            Assert.Equal(1, await stream.ReadAsync(new byte[1]).AsTask().InTime());
        }

        await drain.InTime();
    }
}
