using System.Net.Sockets;
using IngressController.Testing;

namespace IngressController.EndToEnd.Tls;

/// <summary>A real HAProxy in front of the controller's public ports, which passes connections on and checks health with the same header.</summary>
internal sealed class HAProxy : IAsyncDisposable
{
    private readonly RunningProgram program;
    private readonly TemporaryDirectory directory;

    private HAProxy(RunningProgram program, TemporaryDirectory directory, int httpPort, int httpsPort) =>
        (this.program, this.directory, HttpPort, HttpsPort) = (program, directory, httpPort, httpsPort);

    public int HttpPort { get; }

    public int HttpsPort { get; }

    /// <param name="header">As in its configuration: <c>send-proxy-v2</c>.</param>
    public static async Task<HAProxy> StartAsync(ControllerProcess controller, string header)
    {
        var (http, https) = (RawBackend.Refusing().Port, RawBackend.Refusing().Port);
        var directory = new TemporaryDirectory();
        directory.Write(
            "haproxy.cfg",
            $"""
            defaults
              mode tcp
              timeout connect 5s
              timeout client 30s
              timeout server 30s
              unique-id-format %[uuid()]
            listen http
              bind 127.0.0.1:{http}
              server controller 127.0.0.1:{controller.Http.Port} {header} check check-send-proxy
            listen https
              bind 127.0.0.1:{https}
              server controller 127.0.0.1:{controller.Https.Port} {header} check check-send-proxy

            """);
        var program = RunningProgram.Start("haproxy", ["-db", "-f", directory.File("haproxy.cfg")]);
        await Eventually.TrueAsync(() => IsListeningAsync(http), "HAProxy listens");
        await Eventually.TrueAsync(() => IsListeningAsync(https), "HAProxy listens");
        return new(program, directory, http, https);
    }

    public async ValueTask DisposeAsync()
    {
        await program.DisposeAsync();
        directory.Dispose();
    }

    private static async Task<bool> IsListeningAsync(int port)
    {
        using var socket = new TcpClient();
        try
        {
            await socket.ConnectAsync("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
