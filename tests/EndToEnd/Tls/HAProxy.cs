using System.Net.Sockets;
using IngressController.Testing;

namespace IngressController.EndToEnd.Tls;

/// <summary>A real HAProxy, in front of the controller or behind it.</summary>
internal sealed class HAProxy : IAsyncDisposable
{
    private const int Tries = 3;

    private readonly RunningProgram program;
    private readonly TemporaryDirectory directory;

    private HAProxy(RunningProgram program, TemporaryDirectory directory, int[] ports) => (this.program, this.directory, Ports) = (program, directory, ports);

    /// <summary>Where it listens.</summary>
    public IReadOnlyList<int> Ports { get; }

    /// <summary>In front of the public ports (http, https); it passes connections on and checks health with the same header.</summary>
    /// <param name="header">As in its configuration: <c>send-proxy-v2</c>.</param>
    public static Task<HAProxy> InFrontOfAsync(ControllerProcess controller, string header) => StartAsync(
        2,
        ports =>
            $"""
            listen http
              bind 127.0.0.1:{ports[0]}
              server controller 127.0.0.1:{controller.Http.Port} {header} check check-send-proxy
            listen https
              bind 127.0.0.1:{ports[1]}
              server controller 127.0.0.1:{controller.Https.Port} {header} check check-send-proxy
            """);

    /// <param name="count">Of ports to listen on.</param>
    /// <param name="sections">Its configuration for these ports; mode tcp where it says nothing else.</param>
    public static async Task<HAProxy> StartAsync(int count, Func<int[], string> sections)
    {
        for (var attempt = 1; ; attempt++)
        {
            int[] ports = [.. Enumerable.Range(0, count).Select(_ => RawBackend.Refusing().Port)];
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
                {sections(ports)}

                """);
            var haproxy = new HAProxy(RunningProgram.Start("haproxy", ["-db", "-f", directory.File("haproxy.cfg")]), directory, ports);
            if (await haproxy.ListensAsync() || attempt == Tries)
            {
                return haproxy;
            }

            await haproxy.DisposeAsync(); // somebody else has taken a port meanwhile
        }
    }

    public async ValueTask DisposeAsync()
    {
        await program.DisposeAsync();
        directory.Dispose();
    }

    private async Task<bool> ListensAsync()
    {
        foreach (var port in Ports)
        {
            await Eventually.TrueAsync(async () => program.HasExited || await IsListeningAsync(port), $"HAProxy listens: {program.Errors}");
        }

        return !program.HasExited;
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
