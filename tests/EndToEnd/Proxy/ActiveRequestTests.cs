using System.Net;
using System.Net.WebSockets;
using IngressController.Cluster;
using IngressController.Routing.Model;
using IngressController.Testing;
using Microsoft.AspNetCore.Http;

namespace IngressController.EndToEnd.Proxy;

/// <summary>What is counted while requests are under way.</summary>
public sealed class ActiveRequestTests
{
    private const string Web = "shop web web:80";

    [Theory]
    [InlineData("1.1", "1xx")]
    [InlineData("2.0", "2xx")]
    public async Task A_WebSocket_is_under_way_until_it_closes(string version, string status)
    {
        await using var backend = await EchoBackend.StartAsync();
        backend.Answer = WaitForCloseAsync;
        await using var proxy = await ProxyUnderTest.StartWithAsync(backend.Destination);
        using var readings = new MeterReadings(proxy.Meters);
        using var socket = new ClientWebSocket();
        socket.Options.HttpVersion = Version.Parse(version);
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        socket.Options.SetRequestHeader("Host", ProxyUnderTest.Host);
        using var invoker = new HttpMessageInvoker(new SocketsHttpHandler { UseProxy = false });

        await socket.ConnectAsync(new UriBuilder(proxy.Address) { Scheme = "ws" }.Uri, invoker, CancellationToken.None).InTime();
        await readings.IsAsync($"ingress.active_requests {Web}", 1);
        await readings.IsAsync($"ingress.destination.active_requests shop web:80 {backend.Destination}", 1);
        Assert.DoesNotContain(readings.Now.Keys, name => name.StartsWith("ingress.requests ", StringComparison.Ordinal));
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None).InTime();

        await readings.IsAsync($"ingress.requests {Web} {status}", 1);
        await readings.IsAsync($"ingress.request.duration {Web} {status}", 1);
        await readings.IsAsync($"ingress.active_requests {Web}", 0);
    }

    [Fact]
    public async Task A_request_outlives_its_Ingress()
    {
        var answer = new TaskCompletionSource();
        await using var backend = await EchoBackend.StartAsync();
        backend.Answer = _ => answer.Task;
        await using var proxy = await ProxyUnderTest.StartWithAsync(backend.Destination);
        using var readings = new MeterReadings(proxy.Meters);
        using var client = proxy.CreateClient();

        var request = client.GetAsync("/");
        await readings.IsAsync($"ingress.active_requests {Web}", 1);
        proxy.DataPlane.Apply(proxy.Model.RemoveHost(ProxyUnderTest.Host));
        proxy.DataPlane.Apply(proxy.Model.RemoveBackend(HandMadeModel.Key("web")));
        await readings.IsAsync($"ingress.active_requests {Web}", 1);
        await readings.IsAsync("ingress.backend.destinations shop web:80 ready", 0);
        answer.SetResult();

        using var answered = await request.InTime();
        await readings.IsAsync($"ingress.requests {Web} 2xx", 1);
        await readings.IsAsync($"ingress.active_requests {Web}", 0);
    }

    [Fact]
    public async Task Requests_from_before_and_after_a_change_of_their_Ingress_are_added_up()
    {
        var answer = new TaskCompletionSource();
        await using var backend = await EchoBackend.StartAsync();
        backend.Answer = _ => answer.Task;
        await using var proxy = await ProxyUnderTest.StartWithAsync(backend.Destination);
        using var readings = new MeterReadings(proxy.Meters);
        using var client = proxy.CreateClient();

        var before = client.GetAsync("/");
        await readings.IsAsync($"ingress.active_requests {Web}", 1);
        proxy.DataPlane.Apply(proxy.Model.RemoveHost(ProxyUnderTest.Host));
        proxy.DataPlane.Apply(proxy.Model.RemoveBackend(HandMadeModel.Key("web")));
        proxy.Serve(backend.Destination);
        var after = client.GetAsync("/");
        await readings.IsAsync($"ingress.active_requests {Web}", 2);
        answer.SetResult();

        using var first = await before.InTime();
        using var second = await after.InTime();
        await readings.IsAsync($"ingress.active_requests {Web}", 0);
        await readings.IsAsync($"ingress.requests {Web} 2xx", 2);
    }

    [Fact]
    public async Task A_name_that_was_idle_is_seen_again()
    {
        var answers = new[] { new TaskCompletionSource(), new TaskCompletionSource() };
        await using var backend = await EchoBackend.StartAsync();
        var next = -1;
        backend.Answer = _ => answers[Interlocked.Increment(ref next)].Task;
        await using var proxy = await ProxyUnderTest.StartWithAsync(backend.Destination);
        using var readings = new MeterReadings(proxy.Meters);
        using var client = proxy.CreateClient();

        foreach (var answer in answers)
        {
            var request = client.GetAsync("/");
            await readings.IsAsync($"ingress.active_requests {Web}", 1);
            answer.SetResult();
            using var answered = await request.InTime();
            await readings.IsAsync($"ingress.active_requests {Web}", 0);
        }
    }

    [Fact]
    public async Task A_Service_port_with_two_policies_is_counted_once()
    {
        await using var proxy = await ProxyUnderTest.StartAsync();
        var other = HandMadeModel.Key("web", UpstreamPolicy.Default with { ConnectTimeout = TimeSpan.FromSeconds(1) });
        proxy.Serve(HandMadeModel.Key("web"), BackendProtocol.Http, new Destination("10.0.0.1", 80), new Destination("10.0.0.2", 80));
        proxy.Serve(other, BackendProtocol.Http, new Destination("10.0.0.1", 80), new Destination("10.0.0.2", 80));
        proxy.Serve(HandMadeModel.Key("none"), BackendProtocol.Http);
        using var readings = new MeterReadings(proxy.Meters);

        await readings.IsAsync("ingress.backend.destinations shop web:80 ready", 2);
        Assert.Equal(0, readings.Now["ingress.backend.destinations shop none:80 ready"]);
    }

    [Fact]
    public async Task A_request_to_a_destination_under_two_policies_is_counted_once()
    {
        var answer = new TaskCompletionSource();
        await using var backend = await EchoBackend.StartAsync();
        backend.Answer = _ => answer.Task;
        await using var proxy = await ProxyUnderTest.StartWithAsync(backend.Destination);
        proxy.DataPlane.Apply(proxy.Model.Backend(HandMadeModel.Key("web", UpstreamPolicy.Default with { ConnectTimeout = TimeSpan.FromSeconds(1) }), backend.Destination));
        using var readings = new MeterReadings(proxy.Meters);
        using var client = proxy.CreateClient();

        var request = client.GetAsync("/");
        await readings.IsAsync($"ingress.active_requests {Web}", 1);
        await readings.IsAsync($"ingress.destination.active_requests shop web:80 {backend.Destination}", 1);
        answer.SetResult();
        using var answered = await request.InTime();
    }

    private static async Task WaitForCloseAsync(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        await socket.ReceiveAsync(new byte[16], context.RequestAborted);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, context.RequestAborted);
    }
}
