using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace IngressController.Proxy.Listening;

/// <summary>
/// Looks at the first bytes of a connection, without taking them, and lets Kestrel speak HTTP/2 where they are the beginning of its preface
/// (RFC 9113 section 3.4). Kestrel itself knows the protocol of a cleartext port only from configuration.
/// </summary>
internal sealed class PrefaceDetection(ConnectionDelegate next, TimeSpan timeout, TimeProvider time)
{
    private static ReadOnlySpan<byte> Preface => "PRI * HTTP/2.0\r\n"u8;

    public async Task OnConnectionAsync(ConnectionContext connection)
    {
        if (await DetectAsync(connection) is not { } http2)
        {
            return; // nothing came in time, or the server stops: the connection closes
        }

        if (http2)
        {
            Internals.SpeakHttp2(connection.Features);
        }

        if (connection.RemoteEndPoint is IPEndPoint { Address.IsIPv4MappedToIPv6: true } peer)
        {
            connection.RemoteEndPoint = new IPEndPoint(peer.Address.MapToIPv4(), peer.Port); // once here instead of for every request
        }

        await next(connection);
    }

    private async ValueTask<bool?> DetectAsync(ConnectionContext connection)
    {
        var input = connection.Transport.Input;
        var stopping = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? CancellationToken.None;
        using var clock = new CancellationTokenSource(timeout, time);
        bool? http2;
        using (clock.Token.UnsafeRegister(static pipe => ((PipeReader)pipe!).CancelPendingRead(), input))
        using (stopping.UnsafeRegister(static pipe => ((PipeReader)pipe!).CancelPendingRead(), input))
        {
            http2 = await BeginsHttp2Async(input);
        }

        // One that was cancelled just now may have left its mark on the pipe, which is no good for Kestrel.
        return clock.IsCancellationRequested || stopping.IsCancellationRequested ? null : http2;
    }

    /// <returns>Null where the connection ended before it told.</returns>
    private static async ValueTask<bool?> BeginsHttp2Async(PipeReader input)
    {
        while (true)
        {
            var read = await input.ReadAsync();
            var verdict = Judge(read.Buffer);
            if (verdict is not null)
            {
                input.AdvanceTo(read.Buffer.Start); // nothing examined: the next reader gets it at once
                return verdict;
            }

            if (read.IsCanceled || read.IsCompleted)
            {
                input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                return null;
            }

            input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    /// <returns>Null where too little has come to say.</returns>
    private static bool? Judge(in ReadOnlySequence<byte> received)
    {
        Span<byte> start = stackalloc byte[Preface.Length];
        var length = (int)Math.Min(received.Length, start.Length);
        received.Slice(0, length).CopyTo(start);
        return !Preface.StartsWith(start[..length]) ? false : length == start.Length ? true : null;
    }
}
