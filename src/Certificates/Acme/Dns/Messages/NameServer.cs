using System.Buffers.Binary;
using System.Net.Sockets;

namespace IngressController.Certificates.Acme.Dns.Messages;

/// <summary>A server of the DNS, asked over TCP (RFC 7766), one connection for each question.</summary>
internal sealed class NameServer(DnsServer server, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Tsig? tsig = server.Key is { } key ? new(key, time) : null;

    public override string ToString() => $"The name server {server.Address}:{server.Port}";

    /// <returns>The answer, whatever its code is.</returns>
    /// <exception cref="IOException">It does not answer, or not as it should; the message names the server.</exception>
    public async Task<DnsMessage> AskAsync(DnsMessage question, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(Patience, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            var (message, mac) = (MessageWriter.Write(question), Array.Empty<byte>());
            message = tsig?.Sign(message, out mac) ?? message;
            var received = await ExchangeAsync(message, stop.Token);
            var answer = MessageReader.Read(received, out var signature, out var signed);
            tsig?.Verify(answer.Code, received[..signed], signature, mac);
            return answer.Answered(question) ? answer : throw new IOException("it answers something else than it was asked");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IOException($"{this} did not answer within {Patience.TotalSeconds:0} s");
        }
        catch (Exception failure) when (failure is IOException or SocketException)
        {
            throw new IOException($"{this}: {failure.Message}", failure);
        }
    }

    private async Task<byte[]> ExchangeAsync(byte[] message, CancellationToken cancellationToken)
    {
        using var connection = new TcpClient();
        await connection.ConnectAsync(server.Address, server.Port, cancellationToken);
        await using var stream = connection.GetStream();
        var length = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)message.Length);
        await stream.WriteAsync((byte[])[.. length, .. message], cancellationToken);
        await stream.ReadExactlyAsync(length, cancellationToken);
        var answer = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
        await stream.ReadExactlyAsync(answer, cancellationToken);
        return answer;
    }
}
