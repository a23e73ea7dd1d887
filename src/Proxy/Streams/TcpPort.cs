using System.Buffers;
using System.Net;
using System.Net.Sockets;
using IngressController.Proxy.Balancing;
using IngressController.Proxy.Forwarding;
using IngressController.Proxy.Limits;
using IngressController.Proxy.Listening;
using IngressController.Proxy.Pipeline;
using IngressController.Routing.Model;

namespace IngressController.Proxy.Streams;

/// <summary>Accepts connections and carries each to a destination, whichever was named when it came.</summary>
internal sealed class TcpPort : IStreamPort
{
    private const int MostTries = 3;
    private const int LongestHeader = 4096;
    private const int Backlog = 512;
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly Socket listener;
    private readonly ProxyOptions options;
    private readonly StreamSessions sessions;
    private readonly StreamMetrics metrics;
    private readonly TimeProvider time;
    private readonly TrustedProxies trusted;
    private readonly TcpConnector connector;
    private readonly Turn turn = new();
    private volatile StreamService service;

    /// <param name="listener">Bound; belongs to this from now on.</param>
    /// <exception cref="SocketException">It cannot listen.</exception>
    public TcpPort(Socket listener, StreamService service, ProxyOptions options, StreamSessions sessions, StreamMetrics metrics, TimeProvider time)
    {
        (this.listener, this.service, this.options, this.sessions, this.metrics, this.time) = (listener, service, options, sessions, metrics, time);
        trusted = new(options.TrustedProxies);
        connector = new(ConnectTimeout, options.AllowLocalTargets, time);
        listener.Listen(Backlog);
        sessions.Listen(AcceptAsync);
    }

    public void Update(StreamService service) => this.service = service;

    /// <summary>Whose connection stands already is served too: the system resets those that wait to be accepted when their port closes.</summary>
    public void Close()
    {
        listener.Blocking = false;
        try
        {
            for (var waiting = 0; waiting <= Backlog; waiting++)
            {
                Take(listener.Accept());
            }
        }
        catch (SocketException)
        {
            // nobody waits
        }

        listener.Dispose();
    }

    /// <summary>What can happen here: a connection comes; or none can be taken, for want of memory or descriptors, and some will be free soon; or the port closes.</summary>
    private async Task AcceptAsync()
    {
        while (true)
        {
            try
            {
                Take(await listener.AcceptAsync());
            }
            catch (Exception e) when (e is ObjectDisposedException or SocketException { SocketErrorCode: SocketError.OperationAborted or SocketError.Interrupted or SocketError.InvalidArgument })
            {
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(Pause, time);
            }
        }
    }

    private void Take(Socket client)
    {
        client.Blocking = true; // it has that of its port
        if (!sessions.TryStart(() => ServeAsync(client)))
        {
            metrics.NoRoom();
            client.Dispose();
        }
    }

    private async Task ServeAsync(Socket client)
    {
        var target = service;
        metrics.Began(target.Key);
        client.NoDelay = true;
        await using var stream = new NetworkStream(client, ownsSocket: true);
        try
        {
            var peer = StreamSocket.Unmapped((IPEndPoint)client.RemoteEndPoint!);
            var local = StreamSocket.Unmapped((IPEndPoint)client.LocalEndPoint!);
            var (from, to, rest) = target.ReadsProxyProtocol ? await ReadHeaderAsync(stream, peer, local) : (peer, local, []);
            if (from is null || await ConnectAsync(target, sessions.Cut) is not { } server)
            {
                metrics.Refused(target.Key);
                return;
            }

            await using (server)
            {
                byte[] first =
                [
                    .. ProxyProtocolHeader.Encode(target.SendsProxyProtocol ? ProxyProtocolVersion.V1 : ProxyProtocolVersion.None, from, to),
                    .. rest,
                ];
                var fromClient = Relay.Reader(stream);
                var relayed = await new Relay(fromClient, stream, server, options.StreamIdleTimeout, time).RunAsync(first, sessions.Cut);
                await fromClient.CompleteAsync();
                if (relayed.Reason != Reason.None)
                {
                    client.Close(timeout: 0); // a reset, as to the server
                }

                metrics.Carried(target.Key, relayed.ToServer, relayed.ToClient);
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            metrics.Refused(target.Key); // the client left before anything was carried
        }
        finally
        {
            metrics.Ended(target.Key);
        }
    }

    /// <summary>A connection that did not come about has taken nothing of the client's bytes, so others are tried.</summary>
    private async ValueTask<NetworkStream?> ConnectAsync(StreamService target, CancellationToken cancellationToken)
    {
        var destinations = target.Destinations;
        var first = destinations.IsEmpty ? 0 : turn.Next(destinations.Count);
        for (var attempt = 0; attempt < Math.Min(MostTries, destinations.Count); attempt++)
        {
            var destination = destinations[(first + attempt) % destinations.Count];
            try
            {
                return await connector.ConnectAsync(destination.Host, destination.Port, cancellationToken);
            }
            catch (Exception e) when (e is IOException or SocketException)
            {
            }
        }

        return null;
    }

    /// <returns>No client where the peer may send no header, or sends none or a wrong one.</returns>
    private async ValueTask<(IPEndPoint? From, IPEndPoint To, byte[] Following)> ReadHeaderAsync(NetworkStream stream, IPEndPoint peer, IPEndPoint local)
    {
        if (!trusted.Contains(peer.Address))
        {
            return (null, local, []);
        }

        using var clock = new CancellationTokenSource(options.ProxyHeaderTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(clock.Token, sessions.Cut);
        var (buffer, length) = (new byte[LongestHeader], 0);
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

        return (null, local, []);
    }
}
