using System.Net.WebSockets;
using System.Text;
using IngressController.EndToEnd.App;
using IngressController.Testing;

namespace IngressController.EndToEnd.Tls;

/// <summary>A real HAProxy as the backend, which takes connections with the PROXY protocol only and passes requests on with the address that it was told.</summary>
public sealed class UpstreamProxyProtocolTests
{
    [Theory]
    [InlineData("v1")]
    [InlineData("v2")]
    public async Task HAProxy_behind_us_learns_who_the_client_is_of_requests_and_of_WebSockets(string version)
    {
        await using var world = await TlsWorld.StartAsync(_ => { });
        await using var haproxy = await HAProxy.StartAsync(
            1,
            ports =>
                $"""
                listen peer
                  mode http
                  bind 127.0.0.1:{ports[0]} accept-proxy
                  http-request set-header X-Told %[src]
                  server backend 127.0.0.1:{world.Backend.Port}
                """);
        world.Write("peer", World.Service("peer", haproxy.Ports[0]));
        world.Write("told", TlsWorld.Ingress("told", "told.test", "", $"yarp.ingress.kubernetes.io/upstream-proxy-protocol: {version}").Replace("name: web", "name: peer", StringComparison.Ordinal));
        await world.Controller.AnswersAsync("told.test", "/", answer => answer.StartsWith("200 ", StringComparison.Ordinal));

        var (code, output, errors) = await RunningProgram.RunAsync(
            "curl", ["-sS", "--fail", "--noproxy", "*", "--interface", "127.0.0.2", "--connect-to", $"::127.0.0.1:{world.Controller.Http.Port}", "http://told.test/from-two"]);
        Assert.True(code == 0, output + errors);
        Assert.Equal("127.0.0.2", world.Backend.Requests.Single(request => request.Target == "/from-two").Header("X-Told"));

        world.Backend.Answer = async context =>
        {
            using var accepted = await context.WebSockets.AcceptWebSocketAsync();
            await accepted.SendAsync(Encoding.ASCII.GetBytes(context.Request.Headers["X-Told"].ToString()), WebSocketMessageType.Text, true, context.RequestAborted);
            await accepted.CloseAsync(WebSocketCloseStatus.NormalClosure, null, context.RequestAborted);
        };
        using var socket = new ClientWebSocket();
        using var invoker = new HttpMessageInvoker(world.Handler());
        await socket.ConnectAsync(new("ws://told.test/chat"), invoker, CancellationToken.None).InTime();
        var buffer = new byte[64];
        var received = await socket.ReceiveAsync(buffer, CancellationToken.None).InTime();
        Assert.Equal("127.0.0.1", Encoding.ASCII.GetString(buffer, 0, received.Count));
    }
}
