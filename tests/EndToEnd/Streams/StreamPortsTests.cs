using System.Net;
using System.Net.Sockets;
using System.Text;
using IngressController.EndToEnd.Limits;
using IngressController.EndToEnd.Proxy;
using IngressController.Proxy.Streams;
using IngressController.Routing.Model;
using IngressController.Testing;
using static IngressController.EndToEnd.Streams.PortsUnderTest;

namespace IngressController.EndToEnd.Streams;

/// <summary>The ports alone, with a model made by hand.</summary>
public sealed class StreamPortsTests
{
    [Fact]
    public async Task What_TCP_services_carry_is_counted()
    {
        await using var peer = EchoPeer();
        await using var proxy = await ProxyUnderTest.StartAsync(Here);
        using var readings = new MeterReadings(proxy.Meters, "ingress.stream.");
        var port = await OpenAsync(proxy, peer.Destination);
        await using (var stream = await StreamWorld.ConnectAsync(port))
        {
            Assert.Equal("hello", await StreamWorld.EchoAsync(stream, "hello"));
            await readings.IsAsync($"ingress.stream.active_sessions tcp {port}", 1);
            await readings.IsAsync($"ingress.stream.io tcp {port} receive", 0);
            stream.Socket.Shutdown(SocketShutdown.Send);
            Assert.Equal(SocketError.Success, await StreamWorld.EndOfAsync(stream).InTime());
        }

        await readings.IsAsync($"ingress.stream.io tcp {port} receive", 5);
        await readings.IsAsync($"ingress.stream.io tcp {port} transmit", 5);
        await readings.IsAsync($"ingress.stream.sessions tcp {port}", 1);
        await readings.IsAsync($"ingress.stream.active_sessions tcp {port}", 0);
        await readings.IsAsync($"ingress.stream.refused tcp {port}", 0);

        Ports(proxy).Apply(proxy.Model.Stream(StreamProtocol.Tcp, port, RawBackend.Refusing()));
        Assert.Equal("", await StreamWorld.AskAsync(port, "hello"));
        await readings.IsAsync($"ingress.stream.refused tcp {port}", 1);
        await readings.IsAsync($"ingress.stream.sessions tcp {port}", 2);
        await readings.IsAsync($"ingress.stream.active_sessions tcp {port}", 0);
    }

    [Fact]
    public async Task And_what_UDP_services_carry()
    {
        using var peer = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var destination = new Destination("127.0.0.1", ((IPEndPoint)peer.Client.LocalEndPoint!).Port);
        await using var proxy = await ProxyUnderTest.StartAsync(Here);
        using var readings = new MeterReadings(proxy.Meters, "ingress.stream.");
        var port = StreamWorld.FreePort();
        Ports(proxy).Apply(proxy.Model.Stream(StreamProtocol.Udp, port, destination));
        using var client = new UdpClient(AddressFamily.InterNetwork);
        client.Connect(IPAddress.Loopback, port);
        await client.SendAsync("hello"u8.ToArray());
        var asked = await peer.ReceiveAsync().InTime();
        await peer.SendAsync("hi"u8.ToArray(), asked.RemoteEndPoint);
        Assert.Equal("hi"u8.ToArray(), (await client.ReceiveAsync().InTime()).Buffer);
        await readings.IsAsync($"ingress.stream.active_sessions udp {port}", 1);

        Ports(proxy).Apply(proxy.Model.RemoveStream(StreamProtocol.Udp, port));
        await readings.IsAsync($"ingress.stream.active_sessions udp {port}", 0);
        await readings.IsAsync($"ingress.stream.io udp {port} receive", 5);
        await readings.IsAsync($"ingress.stream.io udp {port} transmit", 2);
        await readings.IsAsync($"ingress.stream.sessions udp {port}", 1);
    }

    [Fact]
    public async Task What_is_too_many_is_counted_as_a_limit()
    {
        await using var peer = EchoPeer();
        await using var proxy = await ProxyUnderTest.StartAsync(options =>
        {
            Here(options);
            options.Limits = new() { MaxConnections = 1 };
        });
        using var hits = new LimitHits(proxy);
        var port = await OpenAsync(proxy, peer.Destination);
        await using var only = await StreamWorld.ConnectAsync(port);
        Assert.Equal("hello", await StreamWorld.EchoAsync(only, "hello"));
        Assert.Equal("", await StreamWorld.AskAsync(port, "hello"));
        await hits.HasAsync("connections");
        Assert.Equal("still", await StreamWorld.EchoAsync(only, "still"));
    }

    [Fact]
    public async Task A_port_that_was_in_use_opens_when_it_is_tried_again()
    {
        await using var peer = EchoPeer();
        await using var proxy = await ProxyUnderTest.StartAsync(Here);
        var (ports, nothing) = (Ports(proxy), new RoutingChange(RoutingModel.Empty, [], []));
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        ports.Apply(proxy.Model.Stream(StreamProtocol.Tcp, port, peer.Destination));
        Assert.Equal(1, ports.FailedTries);
        ports.Apply(nothing with { Model = proxy.Model.Current });
        Assert.Equal((2, 1), (ports.FailedTries, ports.Problems.Count));

        other.Stop();
        ports.Apply(nothing with { Model = proxy.Model.Current });
        Assert.Equal((0, 0), (ports.FailedTries, ports.Problems.Count));
        Assert.True(await StreamWorld.IsOpenAsync(port));
    }
}
