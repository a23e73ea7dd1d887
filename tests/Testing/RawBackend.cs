using System.Net;
using System.Net.Sockets;
using System.Text;
using IngressController.Routing.Model;

namespace IngressController.Testing;

/// <summary>A TCP server that does with each connection what the test says: for answers that no HTTP server would give.</summary>
public sealed class RawBackend : IAsyncDisposable
{
    private readonly TcpListener listener;
    private readonly CancellationTokenSource stop = new();
    private readonly Func<NetworkStream, CancellationToken, Task> serve;
    private readonly Task loop;
    private int connections;

    /// <param name="serve">Called for each connection, which closes when it ends.</param>
    /// <param name="address">Loopback where null.</param>
    public RawBackend(Func<NetworkStream, CancellationToken, Task> serve, IPAddress? address = null)
    {
        (this.serve, listener) = (serve, new(address ?? IPAddress.Loopback, 0));
        listener.Start();
        loop = AcceptAsync();
    }

    /// <summary>Reads the head of a request, answers these bytes and closes.</summary>
    public static RawBackend Answering(string response) => new(async (stream, cancellationToken) =>
    {
        await ReadHeadAsync(stream, cancellationToken);
        await stream.WriteAsync(Encoding.Latin1.GetBytes(response), cancellationToken);
    });

    public Destination Destination => listener.LocalEndpoint is IPEndPoint point ? new(point.Address.ToString(), point.Port) : throw new InvalidOperationException("It listens nowhere");

    public int Connections => Volatile.Read(ref connections);

    /// <summary>An address where nobody listens, so that connections are refused.</summary>
    public static Destination Refusing()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return new("127.0.0.1", ((IPEndPoint)socket.LocalEndPoint!).Port);
    }

    /// <summary>Everything up to and with the empty line.</summary>
    public static async Task<string> ReadHeadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var (head, one) = (new StringBuilder(), new byte[1]);
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await stream.ReadAsync(one, cancellationToken) == 1)
        {
            head.Append((char)one[0]);
        }

        return head.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await loop; // before its listener is gone, which it may be about to ask
        listener.Dispose();
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var served = new List<Task>();
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync(stop.Token);
                Interlocked.Increment(ref connections);
                served.Add(ServeAsync(client));
            }
        }
        catch (OperationCanceledException)
        {
            // the end
        }

        await Task.WhenAll(served);
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                await serve(client.GetStream(), stop.Token);
            }
            catch (Exception e) when (e is IOException or OperationCanceledException)
            {
            }
        }
    }
}
