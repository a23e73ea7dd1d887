using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace IngressController.Proxy.Listening;

/// <summary>Looks at the <see cref="ClientHello"/> of a connection, without taking it, and leaves it to those who come after as a feature. What is no TLS is closed.</summary>
internal sealed class TlsDetection(ConnectionDelegate next, TimeSpan timeout, TimeProvider time)
{
    public async Task OnConnectionAsync(ConnectionContext connection)
    {
        if (await DetectAsync(connection) is not { } hello)
        {
            return; // nothing came in time, or no TLS, or the server stops: the connection closes
        }

        connection.Features.Set(hello);
        if (connection.RemoteEndPoint is IPEndPoint { Address.IsIPv4MappedToIPv6: true } peer)
        {
            connection.RemoteEndPoint = new IPEndPoint(peer.Address.MapToIPv4(), peer.Port); // once here instead of for every request
        }

        await next(connection);
    }

    private async ValueTask<ClientHello?> DetectAsync(ConnectionContext connection)
    {
        var input = connection.Transport.Input;
        var stopping = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? CancellationToken.None;
        using var clock = new CancellationTokenSource(timeout, time);
        ClientHello? hello;
        using (clock.Token.UnsafeRegister(static pipe => ((PipeReader)pipe!).CancelPendingRead(), input))
        using (stopping.UnsafeRegister(static pipe => ((PipeReader)pipe!).CancelPendingRead(), input))
        {
            hello = await ReadAsync(input);
        }

        // One that was cancelled just now may have left its mark on the pipe, which is no good for Kestrel.
        return clock.IsCancellationRequested || stopping.IsCancellationRequested ? null : hello;
    }

    private static async ValueTask<ClientHello?> ReadAsync(PipeReader input)
    {
        while (true)
        {
            var read = await input.ReadAsync();
            var hello = ClientHello.Read(read.Buffer, out var isDecided);
            if (isDecided)
            {
                input.AdvanceTo(read.Buffer.Start); // nothing examined: the next reader gets it at once
                return hello;
            }

            input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (read.IsCanceled || read.IsCompleted)
            {
                return null;
            }
        }
    }
}
