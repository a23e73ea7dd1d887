using System.Net.Sockets;
using System.Text;
using IngressController.EndToEnd.Proxy;
using IngressController.Proxy.AccessLog;
using IngressController.Routing.Model;
using IngressController.Testing;

namespace IngressController.EndToEnd.AccessLog;

/// <summary>nginx and our proxy side by side, in front of the same backends: one that answers, one that hangs up, one that is silent, and one that is down.</summary>
public sealed class NginxWorld : IAsyncLifetime, IAsyncDisposable
{
    private RawBackend answering = null!;
    private RawBackend hangingUp = null!;
    private RawBackend silent = null!;
    private Nginx nginx = null!;
    private ProxyUnderTest proxy = null!;
    private int requests;

    internal Nginx Nginx => nginx;

    internal ProxyUnderTest Proxy => proxy;

    public async Task InitializeAsync()
    {
        answering = new(AnswerAsync);
        hangingUp = RawBackend.Answering("");
        silent = new((_, cancellationToken) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken));
        var (down, downToo) = (RawBackend.Refusing(), RawBackend.Refusing());
        (string Host, string Service, Destination[] Destinations)[] hosts =
        [
            ("shop.test", "web", [answering.Destination]),
            ("rude.test", "rude", [hangingUp.Destination]),
            ("silent.test", "silent", [silent.Destination]),
            ("down.test", "down", [down]),
            ("half.test", "half", [down, answering.Destination]),
            ("third.test", "third", [down, downToo, answering.Destination]),
        ];
        nginx = await Nginx.StartAsync([.. hosts.Select(host => (host.Host, host.Service, host.Destinations.Select(destination => destination.ToString()).ToArray()))]);
        proxy = await ProxyUnderTest.StartAsync(options => options.AccessLog = AccessLogFormat.Nginx);
        foreach (var (host, service, destinations) in hosts)
        {
            var key = HandMadeModel.Key(service);
            proxy.DataPlane.Apply(proxy.Model.Backend(key, destinations));
            proxy.DataPlane.Apply(proxy.Model.Route(host, "/", key));
        }
    }

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        await proxy.DisposeAsync();
        await nginx.DisposeAsync();
        await answering.DisposeAsync();
        await hangingUp.DisposeAsync();
        await silent.DisposeAsync();
    }

    /// <summary>An id that no other request has. All have as many characters, for they count in the length of requests.</summary>
    public string NewId() => FormattableString.Invariant($"request-{Interlocked.Increment(ref requests):0000}");

    /// <summary>Sends these bytes (one char a byte) to a port and reads until the connection ends.</summary>
    public static async Task<string> SendAsync(int port, string request)
    {
        using var socket = new TcpClient("127.0.0.1", port);
        var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return await reader.ReadToEndAsync().InTime();
    }

    /// <summary>Sends these bytes, and hangs up when the silent backend has them.</summary>
    public async Task SendAndLeaveAsync(int port, string request)
    {
        var before = silent.Connections;
        using var socket = new TcpClient("127.0.0.1", port);
        await socket.GetStream().WriteAsync(Encoding.Latin1.GetBytes(request));
        await Eventually.TrueAsync(() => silent.Connections > before, "the backend has been asked");
    }

    /// <summary>Answers as the path says: <c>/204</c>, <c>/304</c>, <c>/404</c>, or 200 with five bytes.</summary>
    private static async Task AnswerAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        var head = await RawBackend.ReadHeadAsync(stream, cancellationToken);
        var length = head.Split("\r\n").FirstOrDefault(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase));
        var body = new byte[length is null ? 0 : int.Parse(length["Content-Length:".Length..], System.Globalization.CultureInfo.InvariantCulture)];
        await stream.ReadExactlyAsync(body, cancellationToken);
        var target = head.Split(' ')[1];
        var status = target is "/204" or "/304" or "/404" ? target[1..] : "200";
        var hasBody = status is "200" or "404" && !head.StartsWith("HEAD", StringComparison.Ordinal);
        var content = status is "200" or "404" ? "Content-Length: 5\r\n" : "";
        var answer = $"HTTP/1.1 {status} Word\r\n{content}Connection: close\r\n\r\n{(hasBody ? "hello" : "")}";
        await stream.WriteAsync(Encoding.Latin1.GetBytes(answer), cancellationToken);
    }
}
