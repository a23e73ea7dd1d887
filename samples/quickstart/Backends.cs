using System.Net;
using IngressController.Echo;

namespace IngressController.Quickstart;

/// <summary>The backends of all samples. Their manifests name these ports in EndpointSlices.</summary>
internal static class Backends
{
    private static readonly (string Name, int Port)[] All =
    [
        ("shop-1", 21081),
        ("shop-2", 21082),
        ("cart", 21083),
        ("blog", 21084),
        ("fallback", 21085),
    ];

    /// <exception cref="IOException">A port is in use.</exception>
    public static async Task<IReadOnlyList<EchoServer>> StartAsync(IPAddress address, CancellationToken cancellationToken)
    {
        var started = new List<EchoServer>();
        try
        {
            foreach (var (name, port) in All)
            {
                started.Add(await EchoServer.StartAsync(name, address, port, cancellationToken));
            }

            return started;
        }
        catch (IOException)
        {
            await StopAsync(started);
            throw;
        }
    }

    public static async Task StopAsync(IEnumerable<EchoServer> servers)
    {
        foreach (var server in servers)
        {
            await server.DisposeAsync();
        }
    }
}
