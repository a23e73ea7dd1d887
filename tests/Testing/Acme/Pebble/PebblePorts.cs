using System.Net;
using System.Net.Sockets;

namespace IngressController.Testing.Acme.Pebble;

/// <summary>Pebble does not say which port it got, so it must be given some that are free.</summary>
internal sealed record PebblePorts(int Acme, int Management, int World, int Dns, int Http, int Tls)
{
    /// <summary>Below those that the system gives to whoever asks for any.</summary>
    private const int First = 20_000;
    private const int Last = 32_000;

    public static PebblePorts Free(PebbleOptions options)
    {
        var free = new HashSet<int>();
        while (free.Count < 6)
        {
            var port = Random.Shared.Next(First, Last);
            _ = IsFree(port) && free.Add(port);
        }

        var ports = free.ToArray();
        return new(ports[0], ports[1], ports[2], ports[3], options.HttpPort ?? ports[4], options.TlsPort ?? ports[5]);
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var stream = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            stream.Bind(new IPEndPoint(IPAddress.Loopback, port));
            using var datagrams = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            datagrams.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
