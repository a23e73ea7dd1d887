using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using IngressController.EndToEnd.App;
using IngressController.Testing;

namespace IngressController.EndToEnd.Tls;

/// <summary>A world whose hosts <c>pass.test</c> and <c>*.wild.test</c> are passed through to the Service <c>secure</c>, next to others whose TLS ends here.</summary>
internal static class PassthroughWorld
{
    public const string Passing = "nginx.ingress.kubernetes.io/ssl-passthrough: \"true\"";

    public static Task<TlsWorld> StartAsync(int port, string annotations = Passing, params string[] flags) => TlsWorld.StartAsync(
        world =>
        {
            world.Write("secure", World.Service("secure", port));
            world.Write("pass", Ingress("pass", "pass.test", annotations));
            world.Write("wild", Ingress("wild", "*.wild.test", annotations));
            world.Write("own", TlsWorld.Ingress("own", "own.wild.test"));
            world.Write("a", TlsWorld.Ingress("a", "a.test", "{ hosts: [a.test], secretName: a }"));
        },
        flags);

    public static string Ingress(string name, string host, string annotations) =>
        TlsWorld.Ingress(name, host, "", annotations).Replace("name: web", "name: secure", StringComparison.Ordinal);

    public static string Second(int port) =>
        $$"""

        ---
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: { name: secure-2, labels: { kubernetes.io/service-name: secure } }
        addressType: IPv4
        ports: [{ name: http, port: {{port}} }]
        endpoints: [{ addresses: [127.0.0.1] }]
        """;

    public static async Task<bool> IsClosedAsync(TlsWorld world, string host)
    {
        try
        {
            await world.SerialAsync(host);
            return false;
        }
        catch (Exception e) when (e is IOException or AuthenticationException)
        {
            return true;
        }
    }

    /// <summary>What a client sends first: one TLS record.</summary>
    public static async Task<byte[]> HelloAsync(string host)
    {
        var sent = new TaskCompletionSource<byte[]>();
        await using var server = new RawBackend(async (stream, stop) =>
        {
            var head = new byte[5];
            await stream.ReadExactlyAsync(head, stop);
            var body = new byte[BinaryPrimitives.ReadUInt16BigEndian(head.AsSpan(3))];
            await stream.ReadExactlyAsync(body, stop);
            sent.SetResult([.. head, .. body]);
        });
        using var connection = new TcpClient();
        await connection.ConnectAsync(server.Destination.Host, server.Destination.Port);
        await using var tls = new SslStream(connection.GetStream());
        await Assert.ThrowsAnyAsync<Exception>(() => tls.AuthenticateAsClientAsync(host));
        return await sent.Task.InTime();
    }

    /// <summary>The same handshake message over many records (RFC 8446 section 5.1).</summary>
    public static byte[] InRecordsOf(int length, byte[] record) =>
        [.. record[5..].Chunk(length).SelectMany(part => (byte[])[.. record[..3], 0, (byte)part.Length, .. part])];

    public static HttpClient Client(TlsWorld world) => new(new SocketsHttpHandler
    {
        UseProxy = false,
        ConnectCallback = async (_, cancellationToken) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(world.Controller.Https.Host, world.Controller.Https.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        },
        SslOptions = new() { RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetSerialNumberString() == SelfSigned.Certificate.SerialNumber },
    })
    {
        DefaultRequestVersion = HttpVersion.Version20,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
    };
}
