using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace IngressController.Proxy.Listening;

/// <summary>What a load balancer that passes connections on says in front of them (haproxy.org's proxy-protocol.txt, versions 1 and 2).</summary>
/// <param name="Source">The client; null where the header names none, and the peer itself is meant (LOCAL, UNKNOWN, UNSPEC, UNIX).</param>
/// <param name="Destination">Where the client connected to; null as <paramref name="Source"/> is.</param>
internal sealed record ProxyHeader(IPEndPoint? Source, IPEndPoint? Destination)
{
    /// <summary>Section 2.1: the longest line, with CRLF.</summary>
    private const int LongestLine = 107;

    private const int FixedLength = 16;

    private static readonly ProxyHeader OfPeer = new(null, null);

    private static ReadOnlySpan<byte> Line => "PROXY "u8;

    private static ReadOnlySpan<byte> Signature => "\r\n\r\n\0\r\nQUIT\n"u8;

    /// <returns>Null where it has not come whole; without a header where there is none or a wrong one.</returns>
    public static Verdict<ProxyHeader?>? Read(in ReadOnlySequence<byte> received)
    {
        Span<byte> start = stackalloc byte[LongestLine];
        start = start[..(int)Math.Min(received.Length, LongestLine)];
        received.Slice(0, start.Length).CopyTo(start);
        return BeginsAs(start, Line) ? ReadLine(start)
            : BeginsAs(start, Signature) ? ReadBinary(start, received)
            : new(null);
    }

    private static bool BeginsAs(ReadOnlySpan<byte> start, ReadOnlySpan<byte> expected) =>
        start.Length < expected.Length ? expected.StartsWith(start) : start.StartsWith(expected);

    /// <summary><c>PROXY TCP4 192.0.2.1 198.51.100.1 56324 443</c>, or <c>PROXY UNKNOWN</c> and whatever follows.</summary>
    private static Verdict<ProxyHeader?>? ReadLine(ReadOnlySpan<byte> start)
    {
        var end = start.IndexOf("\r\n"u8);
        if (end < 0)
        {
            return start.Length < LongestLine ? null : new(null);
        }

        var words = Encoding.ASCII.GetString(start[..end]).Split(' ');
        var header = words switch
        {
            [_, "UNKNOWN", ..] => OfPeer,
            [_, "TCP4", var source, var destination, var from, var to] => Of(AddressFamily.InterNetwork, source, from, destination, to),
            [_, "TCP6", var source, var destination, var from, var to] => Of(AddressFamily.InterNetworkV6, source, from, destination, to),
            _ => null,
        };
        return new(header, end + 2);
    }

    private static ProxyHeader? Of(AddressFamily family, string source, string from, string destination, string to) =>
        EndPointOf(family, source, from) is { } client && EndPointOf(family, destination, to) is { } server ? new(client, server) : null;

    private static IPEndPoint? EndPointOf(AddressFamily family, string address, string port) =>
        IPAddress.TryParse(address, out var parsed) && parsed.AddressFamily == family
        && (family == AddressFamily.InterNetworkV6 ? !address.AsSpan().ContainsAny("%[/") : parsed.ToString() == address) // the framework takes 10.1 for 10.0.0.1
        && ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? EndPointOf(parsed, number)
            : null;

    /// <summary>Section 2.2. What follows the addresses (TLVs) tells more than is asked here.</summary>
    private static Verdict<ProxyHeader?>? ReadBinary(ReadOnlySpan<byte> start, in ReadOnlySequence<byte> received)
    {
        if (start.Length < FixedLength)
        {
            return null;
        }

        var (command, family, length) = (start[12], start[13], BinaryPrimitives.ReadUInt16BigEndian(start[14..]));
        var (isProxied, addresses) = (command == 0x21, AddressLength(family));
        if ((!isProxied && command != 0x20) || addresses < 0 || (isProxied && length < addresses))
        {
            return new(null);
        }

        if (received.Length < FixedLength + length)
        {
            return null;
        }

        var body = start[FixedLength..];
        var header = !isProxied ? OfPeer : family switch
        {
            0x11 => new(EndPointOf(body[..4], body[8..]), EndPointOf(body[4..8], body[10..])),
            0x21 => new(EndPointOf(body[..16], body[32..]), EndPointOf(body[16..32], body[34..])),
            _ => OfPeer,
        };
        return new(header, FixedLength + length);
    }

    /// <returns>Negative where there is no such family or transport.</returns>
    private static int AddressLength(byte family) => (family & 0xF) > 2 ? -1 : (family >> 4) switch
    {
        0 => 0,
        1 => 12,
        2 => 36,
        3 => 216,
        _ => -1,
    };

    private static IPEndPoint EndPointOf(ReadOnlySpan<byte> address, ReadOnlySpan<byte> port) =>
        EndPointOf(new IPAddress(address), BinaryPrimitives.ReadUInt16BigEndian(port));

    private static IPEndPoint EndPointOf(IPAddress address, int port) => new(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address, port);
}
