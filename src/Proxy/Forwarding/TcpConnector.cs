using System.Net;
using System.Net.Sockets;
using IngressController.Proxy.Pipeline;
using IngressController.Routing.Model;

namespace IngressController.Proxy.Forwarding;

/// <summary>A destination leads to the proxy's own machine or link, and the operator does not allow that.</summary>
internal sealed class TargetRefusedException(string host)
    : IOException($"{host} leads to a loopback, link-local, unspecified or multicast address");

/// <summary>Opens TCP connections to destinations, within a time. Names are resolved here, for each connection.</summary>
internal sealed class TcpConnector(TimeSpan timeout, bool allowLocalTargets, TimeProvider time)
{
    /// <exception cref="TargetRefusedException">Every address is local and that is not allowed.</exception>
    /// <exception cref="SocketException">The name does not resolve, or no address accepts; TimedOut when the time is over.</exception>
    public async Task<NetworkStream> ConnectAsync(string host, int port, CancellationToken cancellationToken)
    {
        var addresses = IPAddress.TryParse(host, out var literal)
            ? [literal]
            : await InTimeAsync(timeout, limited => Dns.GetHostAddressesAsync(host, limited), cancellationToken);
        var allowed = allowLocalTargets ? addresses : Array.FindAll(addresses, address => !LocalAddresses.Contains(address));
        if (allowed.Length == 0)
        {
            throw addresses.Length > 0 ? new TargetRefusedException(host) : new SocketException((int)SocketError.HostNotFound);
        }

        // Each address gets its share of the time, so that one that swallows packets does not hide the next.
        for (var index = 0; ; index++)
        {
            try
            {
                return await InTimeAsync(timeout / allowed.Length, limited => OpenAsync(allowed[index], port, limited), cancellationToken);
            }
            catch (SocketException) when (index < allowed.Length - 1)
            {
            }
        }
    }

    /// <summary>Why a connection did not come about.</summary>
    /// <param name="failure">What <see cref="ConnectAsync"/> has thrown.</param>
    public static Reason ReasonOf(Exception failure) => failure switch
    {
        TargetRefusedException => Reason.TargetRefused,
        SocketException { SocketErrorCode: SocketError.TimedOut } => Reason.ConnectTimeout,
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData } => Reason.NameUnresolved,
        _ => Reason.ConnectFailed,
    };

    private static async Task<NetworkStream> OpenAsync(IPAddress address, int port, CancellationToken cancellationToken)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address, port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <exception cref="SocketException">TimedOut when the time is over.</exception>
    public async Task<T> InTimeAsync<T>(TimeSpan limit, Func<CancellationToken, Task<T>> act, CancellationToken cancellationToken)
    {
        using var clock = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(clock.Token, cancellationToken);
        try
        {
            return await act(either.Token);
        }
        catch (OperationCanceledException) when (clock.IsCancellationRequested)
        {
            throw new SocketException((int)SocketError.TimedOut);
        }
    }
}
