using System.Buffers;
using IngressController.Proxy.Limits;
using Microsoft.AspNetCore.Connections;

namespace IngressController.Proxy.Listening;

/// <summary>
/// Looks at the <see cref="ClientHello"/> of a connection, without taking it, and leaves it to those who come after as a feature. What is no TLS is closed, with an
/// answer where it may be a request (<c>http://</c> and the port of https).
/// </summary>
/// <param name="timeout">For the first byte. A hello that has begun has as long as a handshake.</param>
internal sealed class TlsDetection(ConnectionDelegate next, TimeSpan timeout, TimeProvider time, LimitMetrics limits, ConnectionMetrics handshakes)
{
    private readonly Action nothingCame = () => limits.Hit(Limit.HeaderTimeout);
    private readonly Action helloIsLate = handshakes.HandshakeTimedOut;

    private static ReadOnlyMemory<byte> Answer { get; } =
        "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 39\r\nConnection: close\r\n\r\nThis port speaks HTTPS, not plain HTTP\n"u8.ToArray();

    public async Task OnConnectionAsync(ConnectionContext connection)
    {
        if (await FirstBytes.ReadAsync(connection, HasBegun, timeout, time, nothingCame) is null
            || await FirstBytes.ReadAsync<ClientHello?>(connection, ClientHello.Read, TlsTermination.HandshakeTimeout, time, helloIsLate) is not { } first)
        {
            return; // the connection closes
        }

        if (first.Value is { } hello)
        {
            connection.Features.Set(hello);
            await next(connection);
        }
        else if (connection.Transport.Input.TryRead(out var read))
        {
            var isText = !read.Buffer.IsEmpty && char.IsAsciiLetterUpper((char)read.Buffer.FirstSpan[0]);
            connection.Transport.Input.AdvanceTo(read.Buffer.End);
            await (isText ? connection.Transport.Output.WriteAsync(Answer).AsTask() : Task.CompletedTask);
        }
    }

    private static Verdict<bool>? HasBegun(in ReadOnlySequence<byte> received) => received.IsEmpty ? null : new(true);
}
