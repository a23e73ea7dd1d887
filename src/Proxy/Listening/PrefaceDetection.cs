using System.Buffers;
using IngressController.Proxy.Limits;
using Microsoft.AspNetCore.Connections;

namespace IngressController.Proxy.Listening;

/// <summary>
/// Looks at the first bytes of a connection, without taking them, and lets Kestrel speak HTTP/2 where they are the beginning of its preface
/// (RFC 9113 section 3.4). Kestrel itself knows the protocol of a cleartext port only from configuration.
/// </summary>
internal sealed class PrefaceDetection(ConnectionDelegate next, TimeSpan timeout, TimeProvider time, LimitMetrics metrics)
{
    private readonly Action late = () => metrics.Hit(Limit.HeaderTimeout);

    private static ReadOnlySpan<byte> Preface => "PRI * HTTP/2.0\r\n"u8;

    public async Task OnConnectionAsync(ConnectionContext connection)
    {
        if (await FirstBytes.ReadAsync(connection, BeginsHttp2, timeout, time, late) is not { } http2)
        {
            return; // the connection closes
        }

        if (http2.Value)
        {
            Internals.SpeakHttp2(connection.Features);
        }

        await next(connection);
    }

    private static Verdict<bool>? BeginsHttp2(in ReadOnlySequence<byte> received)
    {
        Span<byte> start = stackalloc byte[Preface.Length];
        var length = (int)Math.Min(received.Length, start.Length);
        received.Slice(0, length).CopyTo(start);
        return !Preface.StartsWith(start[..length]) ? new(false) : length == start.Length ? new(true) : null;
    }
}
