using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace IngressController.Proxy.Limits;

/// <summary>Counts the connections of each client, and closes what is too many.</summary>
/// <param name="most">That one client may have at a time.</param>
/// <param name="refused">Called for each that is closed.</param>
public sealed class ClientConnections(int most, Action refused)
{
    private readonly ConcurrentDictionary<UInt128, int> clients = new();

    /// <summary>Where the client's address is known; connections without one are not counted.</summary>
    public Func<T, Task> Count<T>(Func<T, Task> next)
        where T : BaseConnectionContext => async connection =>
    {
        if (connection.RemoteEndPoint is not IPEndPoint { Address: var address })
        {
            await next(connection);
            return;
        }

        var client = NetworkOf(address);
        try
        {
            if (clients.AddOrUpdate(client, 1, static (_, count) => count + 1) > most)
            {
                refused();
                connection.Abort();
                return;
            }

            await next(connection);
        }
        finally
        {
            Release(client);
        }
    };

    /// <summary>An entry goes with its last connection; one that was counted up meanwhile stays.</summary>
    private void Release(UInt128 client)
    {
        if (clients.AddOrUpdate(client, 0, static (_, count) => count - 1) == 0)
        {
            clients.TryRemove(KeyValuePair.Create(client, 0));
        }
    }

    /// <summary>The address, or of IPv6 the 64 bits in front, of which a client has all addresses behind.</summary>
    private static UInt128 NetworkOf(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        address.TryWriteBytes(bytes, out _);
        return address.AddressFamily == AddressFamily.InterNetwork
            ? BinaryPrimitives.ReadUInt32BigEndian(bytes)
            : BinaryPrimitives.ReadUInt128BigEndian(bytes) & ((UInt128)ulong.MaxValue << 64);
    }
}
