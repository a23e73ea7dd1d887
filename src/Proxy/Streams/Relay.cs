using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using IngressController.Proxy.Limits;
using IngressController.Proxy.Pipeline;
using Microsoft.AspNetCore.Connections;

namespace IngressController.Proxy.Streams;

/// <summary>What a <see cref="Relay"/> has carried.</summary>
/// <param name="ToServer">Bytes, with those that went before the client's.</param>
/// <param name="ToClient">Bytes.</param>
/// <param name="Reason">Why it ended early; None where both sides have said all.</param>
internal readonly record struct Relayed(long ToServer, long ToClient, Reason Reason);

/// <summary>
/// Carries bytes between a client and a server until both have said all. The end of one side is passed on to the other, which may go on (half-closed). To the client
/// the socket is written itself: Kestrel's pipe closes both directions at once. Nothing is buffered for a side that is silent: most connections are, most of the time.
/// </summary>
/// <param name="fromClient">What the client has sent so far, and sends.</param>
/// <param name="idleTimeout">Without a byte in either direction for this long, it ends.</param>
internal sealed class Relay(PipeReader fromClient, NetworkStream toClient, NetworkStream server, TimeSpan idleTimeout, TimeProvider time)
{
    private const int BufferBytes = 32 * 1024;
    private static readonly StreamPipeReaderOptions Unbuffered = new(bufferSize: BufferBytes, leaveOpen: true, useZeroByteReads: true);

    private long sent;
    private long received;
    private int reason;

    /// <summary>A client that takes nothing for so long of what waits for it is cut off, and that is told. Null: it may take its time.</summary>
    public (TimeSpan Limit, Action Hit)? WriteTimeout { get; init; }

    /// <summary>What a client sends whom nobody else reads.</summary>
    public static PipeReader Reader(NetworkStream client) => PipeReader.Create(client, Unbuffered);

    /// <param name="first">Goes to the server before the client's bytes.</param>
    /// <param name="cut">Ends it.</param>
    public async Task<Relayed> RunAsync(ReadOnlyMemory<byte> first, CancellationToken cut)
    {
        using var end = new CancellationTokenSource(idleTimeout, time);
        using var cutting = cut.UnsafeRegister(static end => ((CancellationTokenSource)end!).Cancel(), end);
        using var watch = WriteTimeout is { } timeout ? new StallWatch(timeout.Limit, time, () => Stalled(timeout.Hit, end)) : null;
        await Task.WhenAll(
            EndingAsync(() => ToServerAsync(first, end), end),
            EndingAsync(() => ToClientAsync(watch, end), end));
        if (reason != (int)Reason.None)
        {
            server.Socket.Close(timeout: 0); // a reset: who gets only a part must not take it for all. Disposing of the stream would say first that this was all
        }

        return new(sent, received, (Reason)reason);
    }

    private async Task ToServerAsync(ReadOnlyMemory<byte> first, CancellationTokenSource end)
    {
        await server.WriteAsync(first, end.Token);
        sent += first.Length;
        while (true)
        {
            var read = await fromClient.ReadAsync(end.Token);
            foreach (var part in read.Buffer)
            {
                await server.WriteAsync(part, end.Token);
                sent += part.Length;
            }

            fromClient.AdvanceTo(read.Buffer.End);
            end.CancelAfter(idleTimeout);
            if (read.IsCompleted)
            {
                server.Socket.Shutdown(SocketShutdown.Send);
                return;
            }
        }
    }

    private async Task ToClientAsync(StallWatch? watch, CancellationTokenSource end)
    {
        while (await PassOnAsync(watch, end.Token) is > 0 and var count)
        {
            received += count;
            end.CancelAfter(idleTimeout);
        }

        toClient.Socket.Shutdown(SocketShutdown.Send);
    }

    private async ValueTask<int> PassOnAsync(StallWatch? watch, CancellationToken cancellationToken)
    {
        _ = await server.ReadAsync(Memory<byte>.Empty, cancellationToken); // until there is something to put into a buffer
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            var count = await server.ReadAsync(buffer, cancellationToken);
            var write = toClient.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
            await (watch is null || write.IsCompleted ? write : watch.WatchAsync(write));
            return count;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>One direction that fails ends both.</summary>
    private async Task EndingAsync(Func<Task> direction, CancellationTokenSource end)
    {
        try
        {
            await direction();
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            var why = e switch
            {
                ConnectionResetException or ConnectionAbortedException => Reason.ClientClosed,
                OperationCanceledException => Reason.IdleTimeout, // the first to say it counts, so this is no consequence of another
                _ => Reason.BrokenTunnel,
            };
            Interlocked.CompareExchange(ref reason, (int)why, (int)Reason.None);
            await end.CancelAsync();
        }
    }

    private void Stalled(Action hit, CancellationTokenSource end)
    {
        hit();
        Interlocked.CompareExchange(ref reason, (int)Reason.ClientClosed, (int)Reason.None);
        try
        {
            end.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // it has just ended by itself
        }
    }
}
