using System.Buffers;
using System.Net.Sockets;

namespace IngressController.Proxy.Streams;

/// <summary>
/// Carries bytes both ways until both sides have said all. The end of one side is passed on to the other, which may go on (half-closed). What breaks on one side
/// is reset on the other: who gets only a part must not take it for all.
/// </summary>
/// <param name="idleTimeout">Without a byte in either direction for this long, it ends.</param>
internal sealed class Relay(NetworkStream client, NetworkStream server, TimeSpan idleTimeout, TimeProvider time)
{
    private const int BufferBytes = 32 * 1024;

    private bool isBroken;

    /// <param name="first">Goes to the server before all else.</param>
    /// <returns>The bytes that each side was sent.</returns>
    public async Task<(long ToServer, long ToClient)> RunAsync(ReadOnlyMemory<byte> first, CancellationToken cut)
    {
        using var end = new CancellationTokenSource(idleTimeout, time);
        using var cutting = cut.UnsafeRegister(static end => ((CancellationTokenSource)end!).Cancel(), end);
        var counts = await Task.WhenAll(CopyAsync(client, server, first, end), CopyAsync(server, client, default, end));
        if (isBroken)
        {
            client.Socket.LingerState = server.Socket.LingerState = new(true, 0);
        }

        return (counts[0], counts[1]);
    }

    private async Task<long> CopyAsync(NetworkStream from, NetworkStream to, ReadOnlyMemory<byte> first, CancellationTokenSource end)
    {
        var bytes = 0L;
        try
        {
            if (!first.IsEmpty)
            {
                await to.WriteAsync(first, end.Token);
                bytes += first.Length;
            }

            while (await CopyNextAsync(from, to, end.Token) is > 0 and var count)
            {
                bytes += count;
                end.CancelAfter(idleTimeout);
            }

            to.Socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            isBroken = true;
            await end.CancelAsync(); // one direction that fails ends both
        }

        return bytes;
    }

    /// <summary>A buffer is taken only when there is something to put into it: most connections are idle most of the time.</summary>
    private static async ValueTask<int> CopyNextAsync(NetworkStream from, NetworkStream to, CancellationToken cancellationToken)
    {
        _ = await from.ReadAsync(Memory<byte>.Empty, cancellationToken);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            var count = await from.ReadAsync(buffer, cancellationToken);
            await to.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
            return count;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
