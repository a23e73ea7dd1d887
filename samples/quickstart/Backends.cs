using IngressController.Echo;

namespace IngressController.Quickstart;

/// <summary>The backends of all samples. Their manifests name these ports in EndpointSlices.</summary>
internal static class Backends
{
    private static readonly (string Name, int Port)[] All =
    [
        ("shop-1", 18081),
        ("shop-2", 18082),
        ("cart", 18083),
        ("blog", 18084),
        ("fallback", 18085),
    ];

    /// <exception cref="IOException">A port is in use.</exception>
    public static async Task<IReadOnlyList<EchoServer>> StartAsync(CancellationToken cancellationToken)
    {
        var started = new List<EchoServer>();
        try
        {
            foreach (var (name, port) in All)
            {
                started.Add(await EchoServer.StartAsync(name, port, cancellationToken));
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
