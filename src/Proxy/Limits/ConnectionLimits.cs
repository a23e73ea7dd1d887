using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace IngressController.Proxy.Limits;

/// <summary>Counts the connections of all public ports, and those of each client, and closes what is too many.</summary>
internal sealed class ConnectionLimits(IOptions<ProxyOptions> options, LimitMetrics metrics)
{
    private readonly LimitOptions limits = options.Value.Limits;
    private readonly ConcurrentDictionary<UInt128, int> clients = new();
    private int connections;

    /// <summary>Connections that are open.</summary>
    public int Current => Volatile.Read(ref connections);

    /// <summary>Before anything is read.</summary>
    public ConnectionDelegate CountAll(ConnectionDelegate next) => async connection =>
    {
        connection.Features.Set(new RequestCount());
        try
        {
            if (Interlocked.Increment(ref connections) > limits.MaxConnections && limits.MaxConnections > 0)
            {
                metrics.Hit(Limit.Connections);
                connection.Abort();
                return;
            }

            await next(connection);
        }
        finally
        {
            Interlocked.Decrement(ref connections);
        }
    };

    /// <summary>Where the client's address is known.</summary>
    public ConnectionDelegate CountClient(ConnectionDelegate next) => limits.MaxConnectionsPerClient == 0 ? next : async connection =>
    {
        if (connection.RemoteEndPoint is not IPEndPoint { Address: var address })
        {
            await next(connection);
            return;
        }

        var client = NetworkOf(address);
        try
        {
            if (clients.AddOrUpdate(client, 1, static (_, count) => count + 1) > limits.MaxConnectionsPerClient)
            {
                metrics.Hit(Limit.ConnectionsPerClient);
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
