using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace IngressController.Testing;

/// <summary>A real TCP proxy on loopback: it hears where a connection wants to go, and carries its bytes there and back.</summary>
public sealed class Tunnel : IAsyncDisposable
{
    private readonly TcpListener listener;
    private readonly Func<NetworkStream, Task<string?>> hear;
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentBag<Task> connections = [];
    private readonly Task accepting;

    private Tunnel(IPAddress address, Func<NetworkStream, Task<string?>> hear)
    {
        this.hear = hear;
        listener = new(address, 0);
        listener.Start();
        accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary><c>HOST:PORT</c> of every connection that was let through.</summary>
    public ConcurrentQueue<string> Targets { get; } = new();

    /// <summary>Every connection goes there.</summary>
    /// <param name="address">Where it listens.</param>
    public static Tunnel To(string target, IPAddress address) => new(address, _ => Task.FromResult<string?>(target));

    /// <summary>Every connection goes where it is just now; null: it is closed at once.</summary>
    public static Tunnel To(Func<string?> target) => new(IPAddress.Loopback, _ => Task.FromResult(target()));

    /// <summary>RFC 9110 CONNECT.</summary>
    /// <param name="login"><c>USER:PASSWORD</c> that it asks for; null for none.</param>
    public static Tunnel Http(string? login = null) => new(IPAddress.Loopback, stream => HearConnectAsync(stream, login));

    /// <summary>RFC 1928, with the password of RFC 1929.</summary>
    public static Tunnel Socks(string? login = null) => new(IPAddress.Loopback, stream => HearSocksAsync(stream, login));

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await accepting; // before its listener is gone, which it may be about to ask
        listener.Stop();
        await Task.WhenAll(connections);
        stop.Dispose();
    }

    /// <summary>A connection comes, or the tunnel is disposed of.</summary>
    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                connections.Add(CarryAsync(await listener.AcceptTcpClientAsync(stop.Token)));
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private async Task CarryAsync(TcpClient client)
    {
        try
        {
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
            using var connection = client;
            await using var near = client.GetStream();
            if (await hear(near).WaitAsync(ended.Token) is not { } target)
            {
                return;
            }

            Targets.Enqueue(target);
            using var server = new TcpClient(AddressFamily.InterNetwork);
            await server.ConnectAsync(IPEndPoint.Parse(target), ended.Token);
            await using var far = server.GetStream();
            await Task.WhenAny(near.CopyToAsync(far, ended.Token), far.CopyToAsync(near, ended.Token));
            await ended.CancelAsync();
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or SocketException)
        {
        }
    }

    private static async Task<string?> HearConnectAsync(NetworkStream stream, string? login)
    {
        var head = "";
        while (!head.EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            head += (char)(await ReadAsync(stream, 1))[0];
        }

        var isWelcome = login is null || head.Contains($"\r\nProxy-Authorization: Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(login))}\r\n", StringComparison.OrdinalIgnoreCase);
        var answer = isWelcome ? "200 Connection established\r\n\r\n" : "407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"test\"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {answer}"));
        return isWelcome ? head.Split(' ')[1] : null;
    }

    private static async Task<string?> HearSocksAsync(NetworkStream stream, string? login)
    {
        await ReadAsync(stream, (await ReadAsync(stream, 2))[1]);
        await stream.WriteAsync(new byte[] { 5, (byte)(login is null ? 0 : 2) });
        if (login is not null)
        {
            var user = Encoding.UTF8.GetString(await ReadAsync(stream, (await ReadAsync(stream, 2))[1]));
            var password = Encoding.UTF8.GetString(await ReadAsync(stream, (await ReadAsync(stream, 1))[0]));
            var isWelcome = $"{user}:{password}" == login;
            await stream.WriteAsync(new byte[] { 1, (byte)(isWelcome ? 0 : 1) });
            if (!isWelcome)
            {
                return null;
            }
        }

        var kind = (await ReadAsync(stream, 4))[3];
        var host = kind == 3 ? Encoding.ASCII.GetString(await ReadAsync(stream, (await ReadAsync(stream, 1))[0])) : new IPAddress(await ReadAsync(stream, kind == 4 ? 16 : 4)).ToString();
        var port = await ReadAsync(stream, 2);
        await stream.WriteAsync(new byte[] { 5, 0, 0, 1, 0, 0, 0, 0, 0, 0 });
        return $"{host}:{(port[0] << 8) | port[1]}";
    }

    private static async Task<byte[]> ReadAsync(NetworkStream stream, int count)
    {
        var bytes = new byte[count];
        await stream.ReadExactlyAsync(bytes);
        return bytes;
    }
}
