using System.Net;
using System.Net.Sockets;
using System.Text;
using IngressController.Testing;

namespace IngressController.EndToEnd.Streams;

public sealed class UdpServiceTests
{
    [Fact]
    public async Task A_client_keeps_its_endpoint_and_gets_its_answers()
    {
        await using var one = new UdpEcho("1");
        await using var two = new UdpEcho("2");
        await using var world = await StreamWorld.StartAsync();
        var port = StreamWorld.FreePort();
        world.Peers(one.Port, two.Port);
        world.Map("udp", $"\"{port}\": default/peer:dgram");
        using var first = Client(port);
        using var second = Client(port);
        var (a, b) = (await AskAsync(first), await AskAsync(second));
        Assert.Equal(["hello1", "hello2"], new[] { a, b }.Order(StringComparer.Ordinal));
        Assert.Equal((a, b, a), (await AskAsync(first), await AskAsync(second), await AskAsync(first)));

        world.Peers(two.Port);
        await Eventually.TrueAsync(async () => await AskAsync(first) == "hello2" && await AskAsync(second) == "hello2", "both move to the endpoint that is left");
    }

    [Fact]
    public async Task A_port_closes_with_its_entry()
    {
        await using var one = new UdpEcho("1");
        await using var world = await StreamWorld.StartAsync();
        var port = StreamWorld.FreePort();
        world.Peers(one.Port);
        world.Map("udp", $"\"{port}\": default/peer:7000");
        using var client = Client(port);
        Assert.Equal("hello1", await AskAsync(client));
        world.Map("udp");
        await Eventually.TrueAsync(() => IsFree(port), "the port is free");
    }

    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static UdpClient Client(int port)
    {
        var client = new UdpClient(AddressFamily.InterNetwork);
        client.Connect(IPAddress.Loopback, port);
        return client;
    }

    /// <summary>Asks until an answer comes, as clients of UDP do.</summary>
    private static async Task<string> AskAsync(UdpClient client)
    {
        var answer = "";
        await Eventually.TrueAsync(
            async () =>
            {
                using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(200), TimeProvider.System);
                try
                {
                    await client.SendAsync("hello"u8.ToArray(), patience.Token);
                    answer = Encoding.ASCII.GetString((await client.ReceiveAsync(patience.Token)).Buffer);
                    return true;
                }
                catch (Exception e) when (e is SocketException or OperationCanceledException)
                {
                    return false;
                }
            },
            "an answer comes");
        return answer;
    }

    private sealed class UdpEcho : IAsyncDisposable
    {
        private readonly UdpClient socket = new(new IPEndPoint(IPAddress.Loopback, 0));
        private readonly Task loop;

        public UdpEcho(string name) => loop = RunAsync(name);

        public int Port => ((IPEndPoint)socket.Client.LocalEndPoint!).Port;

        public async ValueTask DisposeAsync()
        {
            socket.Dispose();
            await loop;
        }

        private async Task RunAsync(string name)
        {
            try
            {
                while (true)
                {
                    var asked = await socket.ReceiveAsync();
                    byte[] answer = [.. asked.Buffer, .. Encoding.ASCII.GetBytes(name)];
                    await socket.SendAsync(answer, asked.RemoteEndPoint);
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
            }
        }
    }
}
