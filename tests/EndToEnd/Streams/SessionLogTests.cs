using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using IngressController.EndToEnd.Proxy;
using IngressController.Proxy;
using IngressController.Proxy.AccessLog;
using IngressController.Proxy.Observing;
using IngressController.Proxy.Observing.Traffic;
using IngressController.Routing.Model;
using IngressController.Testing;
using Microsoft.Extensions.DependencyInjection;
using static IngressController.EndToEnd.Streams.PortsUnderTest;

namespace IngressController.EndToEnd.Streams;

/// <summary>What the access log says of sessions of TCP and UDP services.</summary>
public sealed class SessionLogTests
{
    private const string Told = "$remote_addr $protocol $http_host $status $bytes_sent $bytes_received $service $upstream_addr [$upstream_status] $tries $reason;";

    [Fact]
    public async Task A_TCP_session_has_a_line_with_what_it_carried()
    {
        await using var peer = Answering("hi");
        await using var proxy = await ProxyUnderTest.StartAsync(Here);
        var port = await OpenAsync(proxy, peer.Destination);
        Assert.Equal("hi", await StreamWorld.AskAsync(port, "hello"));
        using var line = JsonDocument.Parse(await proxy.Log.LineAsync("TCP"));
        var told = line.RootElement;
        Assert.Equal(
            ("127.0.0.1", "TCP", "", $":{port}", "", ""), (Text(told, "client"), Text(told, "protocol"), Text(told, "scheme"), Text(told, "host"), Text(told, "method"), Text(told, "path")));
        Assert.Equal((200, 5, 2, 1), (Number(told, "status"), Number(told, "requestBytes"), Number(told, "bytes"), Number(told, "tries")));
        Assert.Equal(("", "shop/peer:7000", $"{peer.Destination}", ""), (Text(told, "ingress"), Text(told, "service"), Text(told, "destination"), Text(told, "reason")));
        Assert.InRange(told.GetProperty("upstreamTime").GetDouble(), 0, told.GetProperty("duration").GetDouble());
    }

    [Theory]
    [InlineData("nginx", @"^\[127\.0\.0\.1\] \[\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}\] TCP 200 2 5 \d+\.\d{3}$")]
    [InlineData("console", @"^\S+Z 127\.0\.0\.1 TCP :PORT 200 2B \d+\.\dms - shop/peer:7000 127\.0\.0\.1:\d+ \d+\.\dms - -$")]
    public async Task Every_format_has_its_line(string format, string expected)
    {
        await using var peer = Answering("hi");
        await using var proxy = await StartAsync(format);
        var port = await OpenAsync(proxy, peer.Destination);
        Assert.Equal("hi", await StreamWorld.AskAsync(port, "hello"));
        Assert.Matches(expected.Replace("PORT", $"{port}", StringComparison.Ordinal), await proxy.Log.LineAsync("TCP"));
    }

    [Fact]
    public async Task A_UDP_session_has_a_line_when_it_is_forgotten()
    {
        using var peer = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var destination = new Destination("127.0.0.1", ((IPEndPoint)peer.Client.LocalEndPoint!).Port);
        await using var proxy = await StartAsync(Told);
        var port = StreamWorld.FreePort();
        Ports(proxy).Apply(proxy.Model.Stream(StreamProtocol.Udp, port, destination));
        using var client = Client(port);
        await client.SendAsync("hello"u8.ToArray());
        var asked = await peer.ReceiveAsync().InTime();
        await peer.SendAsync("hi"u8.ToArray(), asked.RemoteEndPoint);
        Assert.Equal("hi"u8.ToArray(), (await client.ReceiveAsync().InTime()).Buffer);
        Assert.Empty(proxy.Log.Lines);
        Ports(proxy).Apply(proxy.Model.RemoveStream(StreamProtocol.Udp, port));
        Assert.Equal($"127.0.0.1 UDP :{port} 200 2 5 shop/peer:7000 {destination} [-] 1 -;", await proxy.Log.LineAsync("UDP"));
    }

    [Fact]
    public async Task Where_nobody_is_reached_the_line_says_who_was_tried()
    {
        var (one, two) = (RawBackend.Refusing(), RawBackend.Refusing());
        await using var proxy = await StartAsync(Told);
        var port = await OpenAsync(proxy, one);
        Assert.Equal("", await StreamWorld.AskAsync(port, "hello"));
        Assert.Equal($"127.0.0.1 TCP :{port} 502 0 0 shop/peer:7000 {one} [502] 1 ConnectFailed;", await proxy.Log.LineAsync("ConnectFailed"));

        await using var peer = Answering("hi");
        Ports(proxy).Apply(proxy.Model.Stream(StreamProtocol.Tcp, port, one, two, peer.Destination));
        for (var turn = 0; turn < 3; turn++)
        {
            Assert.Equal("hi", await StreamWorld.AskAsync(port, "hello"));
        }

        await proxy.Log.LineAsync($" {one}, {two}, {peer.Destination} [502, 502, -] 3 -;");

        Ports(proxy).Apply(proxy.Model.Stream(StreamProtocol.Tcp, port));
        Assert.Equal("", await StreamWorld.AskAsync(port, "hello"));
        Assert.Equal($"127.0.0.1 TCP :{port} 502 0 0 shop/peer:7000 - [-] 0 NoEndpoints;", await proxy.Log.LineAsync("NoEndpoints"));
    }

    [Fact]
    public async Task And_so_it_does_for_datagrams()
    {
        var nobody = RawBackend.Refusing();
        await using var proxy = await StartAsync(Told);
        var port = StreamWorld.FreePort();
        Ports(proxy).Apply(proxy.Model.Stream(StreamProtocol.Udp, port, nobody));
        using var client = Client(port);
        await client.SendAsync("hello"u8.ToArray());
        Assert.Equal($"127.0.0.1 UDP :{port} 502 0 5 shop/peer:7000 {nobody} [502] 1 ConnectFailed;", await proxy.Log.LineAsync("UDP"));

        Ports(proxy).Apply(proxy.Model.Stream(StreamProtocol.Udp, port));
        await client.SendAsync("hello"u8.ToArray());
        Assert.Equal($"127.0.0.1 UDP :{port} 502 0 0 shop/peer:7000 - [-] 0 NoEndpoints;", await proxy.Log.LineAsync("NoEndpoints"));
    }

    [Theory]
    [InlineData("127.0.0.1", "PROXY TCP4 192.0.2.1 198.51.100.2 1234 5678\r\nhello", "192.0.2.1 TCP", "200 2 5", " -;")]
    [InlineData("127.0.0.1", "GET / HTTP/1.1\r\n\r\n", "127.0.0.1 TCP", "400 0 0", " ProxyHeaderInvalid;")]
    [InlineData("127.0.0.1", "", "127.0.0.1 TCP", "400 0 0", " ProxyHeaderInvalid;")]
    [InlineData("192.0.2.7", "PROXY TCP4 192.0.2.1 198.51.100.2 1234 5678\r\nhello", "127.0.0.1 TCP", "403 0 0", " ProxyHeaderRefused;")]
    public async Task A_header_of_the_PROXY_protocol_names_the_client_or_is_refused(string trusted, string sent, string client, string status, string reason)
    {
        await using var peer = Answering("hi");
        await using var proxy = await StartAsync(Told, options => options.TrustedProxies.Add(IPNetwork.Parse($"{trusted}/32")));
        var port = await OpenAsync(proxy, peer.Destination);
        var service = proxy.Model.Current.Streams[new(StreamProtocol.Tcp, port)];
        Ports(proxy).Apply(proxy.Model.Stream(service with { ReadsProxyProtocol = true, SendsProxyProtocol = true }));
        await StreamWorld.AskAsync(port, sent);
        var line = await proxy.Log.LineAsync("TCP");
        Assert.StartsWith($"{client} :{port} {status} ", line, StringComparison.Ordinal);
        Assert.EndsWith(reason, line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_there_is_no_room_for_has_a_line()
    {
        await using var peer = EchoPeer();
        await using var proxy = await StartAsync(Told, options => options.Limits = new() { MaxConnections = 1 });
        var port = await OpenAsync(proxy, peer.Destination);
        await using var only = await StreamWorld.ConnectAsync(port);
        Assert.Equal("hello", await StreamWorld.EchoAsync(only, "hello"));
        Assert.Equal("", await StreamWorld.AskAsync(port, "hello"));
        Assert.Equal($"127.0.0.1 TCP :{port} 503 0 0 shop/peer:7000 - [-] 0 TooManySessions;", await proxy.Log.LineAsync("503"));
    }

    [Fact]
    public async Task What_breaks_off_and_what_a_shutdown_cuts_off_says_so()
    {
        await using var peer = EchoPeer();
        await using var proxy = await StartAsync(Told);
        var port = await OpenAsync(proxy, peer.Destination);
        await using (var broken = await StreamWorld.ConnectAsync(port))
        {
            Assert.Equal("hello", await StreamWorld.EchoAsync(broken, "hello"));
            broken.Socket.Close(0);
        }

        Assert.StartsWith($"127.0.0.1 TCP :{port} 200 5 5 ", await proxy.Log.LineAsync("BrokenTunnel"), StringComparison.Ordinal);

        await using var cut = await StreamWorld.ConnectAsync(port);
        Assert.Equal("hello", await StreamWorld.EchoAsync(cut, "hello"));
        await Ports(proxy).StopAsync(new CancellationToken(canceled: true)).InTime();
        Assert.StartsWith($"127.0.0.1 TCP :{port} 200 5 5 ", await proxy.Log.LineAsync("ShuttingDown"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Filters_and_the_live_tail_are_for_sessions_too()
    {
        await using var peer = Answering("hi");
        await using var proxy = await StartAsync(Told, options => options.AccessLogFilter = new() { SkippedPaths = ["/"], Sample = 0 });
        using var watch = proxy.Services.GetRequiredService<RequestTail>().Watch(static (in record) => record.IsSession);
        var port = await OpenAsync(proxy, peer.Destination);
        Assert.Equal("hi", await StreamWorld.AskAsync(port, "hello"));
        var told = await watch.Records.ReadAsync().AsTask().InTime();
        Assert.Equal(("TCP", $":{port}", 200), (told.Verb, told.Host, told.Status));

        Ports(proxy).Apply(proxy.Model.Stream(StreamProtocol.Tcp, port)); // statuses of 500 and more are always in the sample
        Assert.Equal("", await StreamWorld.AskAsync(port, "hello"));
        await proxy.Log.LineAsync("NoEndpoints");
        Assert.Single(proxy.Log.Lines);
    }

    [Fact]
    public async Task Sessions_count_as_sessions_and_not_as_requests()
    {
        await using var peer = Answering("hi");
        await using var proxy = await StartAsync(Told);
        using var readings = new MeterReadings(proxy.Meters);
        var traffic = proxy.Services.GetRequiredService<TrafficBook>();
        var port = await OpenAsync(proxy, peer.Destination);
        Assert.Equal("hi", await StreamWorld.AskAsync(port, "hello"));
        await proxy.Log.LineAsync(" 200 ");
        var now = readings.Now;
        Assert.Equal((1, 5, 2), (now[$"ingress.stream.sessions tcp {port}"], now[$"ingress.stream.io tcp {port} receive"], now[$"ingress.stream.io tcp {port} transmit"]));
        Assert.DoesNotContain(now, reading => reading.Value != 0 && !reading.Key.StartsWith("ingress.stream.", StringComparison.Ordinal));
        Assert.Empty(traffic.Routes);
    }

    private static Task<ProxyUnderTest> StartAsync(string format, Action<ProxyOptions>? configure = null) => ProxyUnderTest.StartAsync(options =>
    {
        Here(options);
        Assert.Null(AccessLogFormat.Read(format, (_, _) => "", out var read));
        options.AccessLog = read;
        configure?.Invoke(options);
    });

    /// <summary>Says this when the client has said all.</summary>
    private static RawBackend Answering(string answer) => new(async (stream, stop) =>
    {
        await stream.CopyToAsync(Stream.Null, stop);
        await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(answer), stop);
    });

    private static UdpClient Client(int port)
    {
        var client = new UdpClient(AddressFamily.InterNetwork);
        client.Connect(IPAddress.Loopback, port);
        return client;
    }

    private static string Text(JsonElement line, string member) => line.GetProperty(member).GetString()!;

    private static int Number(JsonElement line, string member) => line.GetProperty(member).GetInt32();
}
