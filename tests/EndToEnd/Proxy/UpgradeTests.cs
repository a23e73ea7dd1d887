using System.Net.WebSockets;
using System.Text;
using IngressController.Routing.Model;
using IngressController.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace IngressController.EndToEnd.Proxy;

public sealed class UpgradeTests
{
    [Theory]
    [InlineData("1.1", BackendProtocol.Http, false)]
    [InlineData("1.1", BackendProtocol.Http1OverTls, true)]
    [InlineData("1.1", BackendProtocol.Https, true)]
    [InlineData("2.0", BackendProtocol.Http, false)]
    [InlineData("2.0", BackendProtocol.Http1OverTls, true)]
    public async Task WebSockets_go_through(string clientVersion, BackendProtocol protocol, bool tls)
    {
        await using var backend = await EchoBackend.StartAsync(protocols: HttpProtocols.Http1, tls: tls);
        backend.Answer = EchoWebSocketAsync;
        await using var proxy = await ProxyUnderTest.StartAsync();
        proxy.Serve(HandMadeModel.Key("web"), protocol, backend.Destination);
        using var socket = new ClientWebSocket();
        socket.Options.HttpVersion = Version.Parse(clientVersion);
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        socket.Options.SetRequestHeader("Host", "shop.test");
        using var invoker = new HttpMessageInvoker(new SocketsHttpHandler { UseProxy = false });

        await socket.ConnectAsync(new UriBuilder(proxy.Address) { Scheme = "ws", Path = "/chat" }.Uri, invoker, CancellationToken.None).InTime();
        await socket.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, true, CancellationToken.None).InTime();
        var buffer = new byte[16];
        var result = await socket.ReceiveAsync(buffer, CancellationToken.None).InTime();
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None).InTime();

        Assert.Equal("hello", Encoding.ASCII.GetString(buffer, 0, result.Count));
        Assert.Equal("/chat", backend.Requests.Last().Target);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task A_WebSocket_outlives_every_change(string clientVersion)
    {
        await using var backend = await EchoBackend.StartAsync(tls: true);
        backend.Answer = EchoWebSocketAsync;
        await using var proxy = await ProxyUnderTest.StartAsync();
        proxy.Serve(HandMadeModel.Key("web"), BackendProtocol.Http1OverTls, backend.Destination);
        using var socket = new ClientWebSocket();
        socket.Options.HttpVersion = Version.Parse(clientVersion);
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        socket.Options.SetRequestHeader("Host", "shop.test");
        using var invoker = new HttpMessageInvoker(new SocketsHttpHandler { UseProxy = false });
        await socket.ConnectAsync(new UriBuilder(proxy.Address) { Scheme = "ws", Path = "/chat" }.Uri, invoker, CancellationToken.None).InTime();

        foreach (var change in new Action[]
        {
            () => proxy.Serve(HandMadeModel.Key("web"), BackendProtocol.Http1OverTls, RawBackend.Refusing()),
            () => proxy.Serve(BackendProtocol.Https, HandMadeModel.Unverified with { ServerName = "other.test" }, backend.Destination),
            () => proxy.Serve(HandMadeModel.Key("web"), BackendProtocol.Http, backend.Destination),
            () => proxy.DataPlane.Apply(proxy.Model.RemoveHost(ProxyUnderTest.Host)),
            () => proxy.DataPlane.Apply(proxy.Model.RemoveBackend(HandMadeModel.Key("web"))),
        })
        {
            change();
            await socket.SendAsync("still"u8.ToArray(), WebSocketMessageType.Text, true, CancellationToken.None).InTime();
            var buffer = new byte[16];
            var result = await socket.ReceiveAsync(buffer, CancellationToken.None).InTime();
            Assert.Equal("still", Encoding.ASCII.GetString(buffer, 0, result.Count));
        }
    }

    [Fact]
    public async Task Upgrades_that_are_no_WebSocket_are_not_made_ours()
    {
        await using var backend = await EchoBackend.StartAsync();
        await using var proxy = await ProxyUnderTest.StartWithAsync(backend.Destination);

        var response = await proxy.SendRawAsync(
            "GET / HTTP/1.1\r\nHost: shop.test\r\nConnection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQ\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 200 ", response, StringComparison.Ordinal);
        Assert.Null(backend.Single.Header("Upgrade"));
        Assert.Null(backend.Single.Header("HTTP2-Settings"));
    }

    private static async Task EchoWebSocketAsync(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var buffer = new byte[64];
        while (await socket.ReceiveAsync(buffer, context.RequestAborted) is { MessageType: not WebSocketMessageType.Close } message)
        {
            await socket.SendAsync(buffer.AsMemory(0, message.Count), message.MessageType, message.EndOfMessage, context.RequestAborted);
        }

        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, context.RequestAborted);
    }
}
