using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using IngressController.Routing.Model;

namespace IngressController.Proxy.Forwarding;

/// <summary>What a connection to a backend begins with, to tell who its client is (haproxy.org's proxy-protocol.txt, sections 2.1 and 2.2).</summary>
internal static class ProxyProtocolHeader
{
    private static ReadOnlySpan<byte> Signature => "\r\n\r\n\0\r\nQUIT\n"u8;

    /// <param name="client">Port 0 where only its address is known.</param>
    /// <param name="server">Where the client connected to. Of another family than the client's, both are told as IPv6 addresses.</param>
    /// <returns>Nothing for <see cref="ProxyProtocolVersion.None"/>.</returns>
    public static byte[] Encode(ProxyProtocolVersion version, IPEndPoint client, IPEndPoint server)
    {
        var (source, target) = (ForwardedNode.Normalize(client.Address), ForwardedNode.Normalize(server.Address));
        if (source.AddressFamily != target.AddressFamily)
        {
            (source, target) = (source.MapToIPv6(), target.MapToIPv6());
        }

        return version switch
        {
            ProxyProtocolVersion.V1 => EncodeText(source, client.Port, target, server.Port),
            ProxyProtocolVersion.V2 => EncodeBinary(source, client.Port, target, server.Port),
            _ => [],
        };
    }

    private static byte[] EncodeText(IPAddress source, int sourcePort, IPAddress target, int targetPort)
    {
        var family = source.AddressFamily == AddressFamily.InterNetwork ? "TCP4" : "TCP6";
        return Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"PROXY {family} {WithoutScope(source)} {WithoutScope(target)} {sourcePort} {targetPort}\r\n"));
    }

    private static byte[] EncodeBinary(IPAddress source, int sourcePort, IPAddress target, int targetPort)
    {
        const byte Version2Proxy = 0x21, TcpOverIPv4 = 0x11, TcpOverIPv6 = 0x21;
        var (from, to) = (source.GetAddressBytes(), target.GetAddressBytes());
        byte[] ports = new byte[4];
        BinaryPrimitives.WriteUInt16BigEndian(ports, (ushort)sourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(ports.AsSpan(2), (ushort)targetPort);
        var length = from.Length + to.Length + ports.Length; // under 256
        return [.. Signature, Version2Proxy, from.Length == 4 ? TcpOverIPv4 : TcpOverIPv6, 0, (byte)length, .. from, .. to, .. ports];
    }

    /// <summary>The name of a link means nothing on another machine.</summary>
    private static IPAddress WithoutScope(IPAddress address) => new(address.GetAddressBytes());
}
