using System.Buffers.Binary;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using IngressController.EndToEnd.Proxy;
using IngressController.Testing;

namespace IngressController.EndToEnd.Limits;

/// <summary>An HTTP/2 connection, frame by frame, for what no well-behaved client does (RFC 9113).</summary>
internal sealed class RawHttp2 : IAsyncDisposable
{
    public const byte Data = 0, Headers = 1, Reset = 3, Settings = 4, Ping = 6, GoAway = 7, Continuation = 9;
    public const byte EndStream = 1, EndHeaders = 4;

    private readonly Stream stream;
    private readonly MemoryStream waiting = new();

    private RawHttp2(Stream stream) => this.stream = stream;

    /// <summary>GET / of the test's host, in HPACK without a dynamic table (RFC 7541 section 6).</summary>
    public static byte[] Get { get; } = Request(0x82);

    /// <summary>The same over TLS.</summary>
    public static byte[] SecureGet { get; } = Request(0x82, 0x87);

    public static byte[] Post { get; } = Request(0x83);

    /// <summary>A field with a name of one letter and a value of as many letters as wanted, less than 16,000: a literal without indexing.</summary>
    public static byte[] Field(char name, int length)
    {
        byte[] size = length < 127 ? [(byte)length] : length < 127 + 128 ? [127, (byte)(length - 127)] : [127, (byte)(((length - 127) & 127) | 128), (byte)((length - 127) >> 7)];
        return [0, 1, (byte)name, .. size, .. Enumerable.Repeat((byte)'a', length)];
    }

    /// <inheritdoc cref="BeginAsync"/>
    public static async Task<RawHttp2> ConnectAsync(ProxyUnderTest proxy, int window = 65_535) => await BeginAsync(await proxy.ConnectAsync(), window);

    public static async Task<RawHttp2> ConnectTlsAsync(ProxyUnderTest proxy)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(proxy.Https);
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = ProxyUnderTest.Host,
            ApplicationProtocols = [SslApplicationProtocol.Http2],
            RemoteCertificateValidationCallback = (_, shown, _, _) => shown is not null,
        }).InTime();
        return await BeginAsync(stream);
    }

    /// <param name="window">How much of every answer the client takes before it says more.</param>
    public static async Task<RawHttp2> BeginAsync(Stream stream, int window = 65_535)
    {
        var connection = new RawHttp2(stream);
        var setting = new byte[6];
        setting[1] = 4; // SETTINGS_INITIAL_WINDOW_SIZE
        BinaryPrimitives.WriteInt32BigEndian(setting.AsSpan(2), window);
        await stream.WriteAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray());
        connection.Add(Settings, 0, 0, setting);
        await connection.FlushAsync();
        return connection;
    }

    /// <summary>Frames wait until <see cref="FlushAsync"/>, so that many go at once.</summary>
    public void Add(byte type, byte flags, int streamId, ReadOnlySpan<byte> payload)
    {
        Span<byte> head = stackalloc byte[9];
        BinaryPrimitives.WriteInt32BigEndian(head, payload.Length << 8);
        (head[3], head[4]) = (type, flags);
        BinaryPrimitives.WriteInt32BigEndian(head[5..], streamId);
        waiting.Write(head);
        waiting.Write(payload);
    }

    /// <returns>Whether the server still takes something.</returns>
    public async Task<bool> FlushAsync()
    {
        try
        {
            await stream.WriteAsync(waiting.ToArray()).AsTask().InTime();
            return true;
        }
        catch (IOException)
        {
            return false;
        }
        finally
        {
            waiting.SetLength(0);
        }
    }

    /// <summary>Reads until a frame of this type comes.</summary>
    /// <returns>Its payload; null where the connection ended before.</returns>
    public async Task<byte[]?> ReadAsync(byte type)
    {
        try
        {
            var head = new byte[9];
            while (true)
            {
                await stream.ReadExactlyAsync(head).AsTask().InTime();
                var payload = new byte[BinaryPrimitives.ReadInt32BigEndian(head) >>> 8];
                await stream.ReadExactlyAsync(payload).AsTask().InTime();
                if (head[3] == type)
                {
                    return payload;
                }
            }
        }
        catch (IOException)
        {
            return null;
        }
    }

    public ValueTask DisposeAsync() => stream.DisposeAsync();

    /// <summary>:method and :scheme by their index, :path / and a literal :authority.</summary>
    private static byte[] Request(byte method, byte scheme = 0x86) => [method, scheme, 0x84, 0x41, (byte)ProxyUnderTest.Host.Length, .. Encoding.ASCII.GetBytes(ProxyUnderTest.Host)];
}
