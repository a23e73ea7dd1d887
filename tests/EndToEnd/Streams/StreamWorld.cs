using System.Net;
using System.Net.Sockets;
using System.Text;
using IngressController.Testing;

namespace IngressController.EndToEnd.Streams;

/// <summary>The real program over a directory with one Service <c>default/peer</c>, and TCP and UDP services that a test writes.</summary>
internal sealed class StreamWorld : IAsyncDisposable
{
    private readonly TemporaryDirectory directory = new();

    public ControllerProcess Controller { get; private set; } = null!;

    public static async Task<StreamWorld> StartAsync(params string[] flags)
    {
        var world = new StreamWorld();
        world.Controller = await ControllerProcess.StartAsync(
            world.directory.Path, ["--tcp-services-configmap", "default/tcp", "--udp-services-configmap", "default/udp", "--trusted-proxies", "127.0.0.1", .. flags]);
        return world;
    }

    /// <summary>A port that is free for both protocols.</summary>
    public static int FreePort() => RawBackend.Refusing().Port;

    /// <param name="name">tcp or udp</param>
    /// <param name="entries">Lines of its data.</param>
    public void Map(string name, params string[] entries) =>
        directory.Write($"{name}.yaml", $"apiVersion: v1\nkind: ConfigMap\nmetadata: {{ name: {name} }}\ndata:\n{string.Concat(entries.DefaultIfEmpty("{}").Select(entry => $"  {entry}\n"))}");

    /// <summary>The Service's endpoints, on its ports <c>stream</c> (TCP 7000) and <c>dgram</c> (UDP 7000).</summary>
    public void Peers(params int[] ports) => directory.Write("peer.yaml", string.Join("\n---\n", ports.Select((port, index) =>
        $$"""
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: { name: peer-{{index}}, labels: { kubernetes.io/service-name: peer } }
        addressType: IPv4
        ports: [{ name: stream, port: {{port}} }, { name: dgram, port: {{port}}, protocol: UDP }]
        endpoints: [{ addresses: [127.0.0.1] }]
        """).Prepend(
        """
        apiVersion: v1
        kind: Service
        metadata: { name: peer }
        spec: { ports: [{ name: stream, port: 7000 }, { name: dgram, port: 7000, protocol: UDP }] }
        """)));

    public void Write(string file, string manifest) => directory.Write(file, manifest);

    /// <summary>Connects as soon as the port is open.</summary>
    public static async Task<NetworkStream> ConnectAsync(int port)
    {
        NetworkStream? stream = null;
        await Eventually.TrueAsync(async () => (stream = await TryConnectAsync(port)) is not null, $"port {port} is open");
        return stream!;
    }

    public static async Task<bool> IsOpenAsync(int port)
    {
        await using var stream = await TryConnectAsync(port);
        return stream is not null;
    }

    private static async Task<NetworkStream?> TryConnectAsync(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port);
            return new(socket, ownsSocket: true);
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }
    }

    /// <returns>Success where the other side has said all, and else how it broke off.</returns>
    public static async Task<SocketError> EndOfAsync(NetworkStream stream)
    {
        try
        {
            await stream.CopyToAsync(Stream.Null);
            return SocketError.Success;
        }
        catch (IOException failure) when (failure.InnerException is SocketException cause)
        {
            return cause.SocketErrorCode;
        }
    }

    /// <summary>Sends a line and reads as much.</summary>
    public static async Task<string> EchoAsync(Stream stream, string line)
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes(line));
        var buffer = new byte[line.Length];
        await stream.ReadExactlyAsync(buffer).AsTask().InTime();
        return Encoding.ASCII.GetString(buffer);
    }

    /// <summary>One connection, whatever becomes of it: all that comes back to these bytes.</summary>
    public static async Task<string> AskAsync(int port, string bytes)
    {
        try
        {
            await using var stream = await TryConnectAsync(port);
            if (stream is null)
            {
                return "";
            }

            await stream.WriteAsync(Encoding.ASCII.GetBytes(bytes));
            stream.Socket.Shutdown(SocketShutdown.Send);
            using var reader = new StreamReader(stream, Encoding.ASCII);
            return await reader.ReadToEndAsync().InTime();
        }
        catch (IOException)
        {
            return "";
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Controller.DisposeAsync();
        directory.Dispose();
    }
}
