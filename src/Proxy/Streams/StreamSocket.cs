using System.Net;
using System.Net.Sockets;
using IngressController.Routing.Model;

namespace IngressController.Proxy.Streams;

internal static class StreamSocket
{
    /// <param name="address">Null: all of both families, or of IPv4 where the machine has no IPv6.</param>
    public static Socket Create(StreamProtocol protocol, IPAddress? address)
    {
        var family = (address ?? Any).AddressFamily;
        var socket = protocol == StreamProtocol.Tcp ? new Socket(family, SocketType.Stream, ProtocolType.Tcp) : new Socket(family, SocketType.Dgram, ProtocolType.Udp);
        if (address is null && family == AddressFamily.InterNetworkV6)
        {
            socket.DualMode = true;
        }

        return socket;
    }

    public static IPEndPoint Address(IPAddress? address, int port) => new(address ?? Any, port);

    public static IPEndPoint Unmapped(IPEndPoint point) => point.Address.IsIPv4MappedToIPv6 ? new(point.Address.MapToIPv4(), point.Port) : point;

    private static IPAddress Any => Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any;
}
