using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using IngressController.Proxy.Pipeline;
using Microsoft.AspNetCore.Connections;

namespace IngressController.Proxy.Listening;

/// <summary>
/// Carries bytes between a client and a server until both have said all. An end of one side is passed on to the other, which may go on (half-closed). To the client
/// the socket is written itself: Kestrel's pipe closes both directions at once.
/// </summary>
/// <param name="fromClient">What the client has sent so far, and sends.</param>
/// <param name="idleTimeout">Without a byte in either direction for this long, it ends.</param>
internal sealed class BytePump(PipeReader fromClient, NetworkStream toClient, NetworkStream server, TimeSpan idleTimeout, TimeProvider time)
{
    private const int BufferBytes = 32 * 1024;

    private long bytes;
    private int reason;

    /// <param name="header">Goes to the server before the client's bytes.</param>
    /// <returns>How many bytes the client got, and why it ended early.</returns>
    public async Task<(long Bytes, Reason Reason)> RunAsync(ReadOnlyMemory<byte> header)
    {
        using var end = new CancellationTokenSource(idleTimeout, time);
        await Task.WhenAll(
            EndingAsync(() => ToServerAsync(header, end), end),
            EndingAsync(() => ToClientAsync(end), end));
        return (bytes, (Reason)reason);
    }

    private async Task ToServerAsync(ReadOnlyMemory<byte> header, CancellationTokenSource end)
    {
        await server.WriteAsync(header, end.Token);
        while (true)
        {
            var read = await fromClient.ReadAsync(end.Token);
            foreach (var part in read.Buffer)
            {
                await server.WriteAsync(part, end.Token);
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

    private async Task ToClientAsync(CancellationTokenSource end)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            while (await server.ReadAsync(buffer, end.Token) is > 0 and var length)
            {
                await toClient.WriteAsync(buffer.AsMemory(0, length), end.Token);
                bytes += length;
                end.CancelAfter(idleTimeout);
            }

            toClient.Socket.Shutdown(SocketShutdown.Send);
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
}
