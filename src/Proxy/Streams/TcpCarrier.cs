using System.Buffers;
using System.Net;
using System.Net.Sockets;
using IngressController.Proxy.Balancing;
using IngressController.Proxy.Forwarding;
using IngressController.Proxy.Limits;
using IngressController.Proxy.Listening;
using IngressController.Proxy.Pipeline;
using IngressController.Routing.Model;
using Microsoft.AspNetCore.Http;

namespace IngressController.Proxy.Streams;

/// <summary>Carries each connection of a TCP port to a destination.</summary>
/// <param name="cut">Ends what still goes on.</param>
internal sealed class TcpCarrier(ProxyOptions options, SessionBook book, TimeProvider time, CancellationToken cut)
{
    private const int MostTries = 3;
    private const int LongestHeader = 4096;
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    private readonly TrustedProxies trusted = new(options.TrustedProxies);
    private readonly TcpConnector connector = new(ConnectTimeout, options.AllowLocalTargets, time);
    private readonly Turn turn = new();

    /// <param name="client">Belongs to this from now on.</param>
    /// <param name="peer">Its address.</param>
    public async Task CarryAsync(Socket client, IPEndPoint peer, StreamService service)
    {
        var entry = book.Open(service, peer.Address);
        await using var stream = new NetworkStream(client, ownsSocket: true);
        try
        {
            await CarryAsync(stream, peer, service, entry);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            entry.Reason = cut.IsCancellationRequested ? Reason.ShuttingDown : Reason.ClientClosed; // before anything was carried
        }
        catch
        {
            entry.Fail(StatusCodes.Status500InternalServerError, Reason.InternalError);
            throw;
        }
        finally
        {
            book.Close(entry);
        }
    }

    private async Task CarryAsync(NetworkStream client, IPEndPoint peer, StreamService service, SessionEntry entry)
    {
        client.Socket.NoDelay = true;
        var local = StreamSocket.Unmapped((IPEndPoint)client.Socket.LocalEndPoint!);
        if (service.ReadsProxyProtocol && !trusted.Contains(peer.Address))
        {
            entry.Fail(StatusCodes.Status403Forbidden, Reason.ProxyHeaderRefused);
            return;
        }

        var (from, to, rest) = service.ReadsProxyProtocol ? await ReadHeaderAsync(client, peer, local) : (peer, local, []);
        if (from is null)
        {
            entry.Fail(StatusCodes.Status400BadRequest, Reason.ProxyHeaderInvalid);
            return;
        }

        entry.Client = from.Address;
        if (await ConnectAsync(service, entry) is not { } server)
        {
            return;
        }

        await using (server)
        {
            var header = ProxyProtocolHeader.Encode(service.SendsProxyProtocol ? ProxyProtocolVersion.V1 : ProxyProtocolVersion.None, from, to);
            var fromClient = Relay.Reader(client);
            var relayed = await new Relay(fromClient, client, server, options.StreamIdleTimeout, time).RunAsync((byte[])[.. header, .. rest], cut);
            await fromClient.CompleteAsync();
            var isCut = relayed.Reason != Reason.None && cut.IsCancellationRequested;
            entry.Carried(Math.Max(0, relayed.ToServer - header.Length), relayed.ToClient, isCut ? Reason.ShuttingDown : relayed.Reason);
            if (relayed.Reason != Reason.None)
            {
                client.Socket.Close(timeout: 0); // a reset, as to the server
            }
        }
    }

    /// <summary>A connection that did not come about has taken nothing of the client's bytes, so others are tried.</summary>
    private async ValueTask<NetworkStream?> ConnectAsync(StreamService service, SessionEntry entry)
    {
        var (destinations, reason) = (service.Destinations, Reason.NoEndpoints);
        var first = destinations.IsEmpty ? 0 : turn.Next(destinations.Count);
        for (var attempt = 0; attempt < Math.Min(MostTries, destinations.Count); attempt++)
        {
            var destination = destinations[(first + attempt) % destinations.Count];
            entry.Tries.Begin(destination.ToString());
            try
            {
                return await connector.ConnectAsync(destination.Host, destination.Port, cut);
            }
            catch (OperationCanceledException)
            {
                reason = Reason.ShuttingDown;
                entry.Tries.Failed(reason);
                break;
            }
            catch (Exception e) when (e is IOException or SocketException)
            {
                reason = TcpConnector.ReasonOf(e);
                entry.Tries.Failed(reason);
            }
        }

        entry.Fail(StatusCodes.Status502BadGateway, reason);
        return null;
    }

    /// <returns>No client where the peer sends no header in time, or a wrong one.</returns>
    private async ValueTask<(IPEndPoint? From, IPEndPoint To, byte[] Following)> ReadHeaderAsync(NetworkStream stream, IPEndPoint peer, IPEndPoint local)
    {
        using var clock = new CancellationTokenSource(options.ProxyHeaderTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(clock.Token, cut);
        var (buffer, length) = (new byte[LongestHeader], 0);
        try
        {
            while (length < buffer.Length && await stream.ReadAsync(buffer.AsMemory(length), either.Token) is > 0 and var count)
            {
                length += count;
                if (ProxyHeader.Read(new ReadOnlySequence<byte>(buffer, 0, length)) is { } verdict)
                {
                    return verdict.Value is { } header
                        ? (header.Source ?? peer, header.Destination ?? local, buffer[(int)verdict.Taken..length])
                        : (null, local, []);
                }
            }
        }
        catch (OperationCanceledException) when (!cut.IsCancellationRequested)
        {
            // too late
        }

        return (null, local, []);
    }
}
