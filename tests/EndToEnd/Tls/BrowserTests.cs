using System.Net.WebSockets;
using System.Text.Json;
using IngressController.Testing;
using Microsoft.AspNetCore.Http;

namespace IngressController.EndToEnd.Tls;

public sealed class BrowserTests
{
    private const string Page = """
        <!doctype html><title>page</title><script>
        const echoed = new Promise((done, failed) => {
          const socket = new WebSocket('wss://' + location.host + '/socket');
          socket.onopen = () => socket.send('hello');
          socket.onmessage = message => done(message.data);
          socket.onerror = () => failed('socket');
        });
        const told = new Promise((done, failed) => {
          const events = new EventSource('/events');
          events.onmessage = message => { done(message.data); events.close(); };
          events.onerror = () => failed('events');
        });
        const posted = fetch('/post', { method: 'POST', body: 'x'.repeat(100000) }).then(answer => answer.text());
        Promise.allSettled([echoed, told, posted]).then(results => fetch('/done?' + encodeURIComponent(JSON.stringify({
          protocol: performance.getEntriesByType('navigation')[0].nextHopProtocol,
          results: results.map(result => result.value ?? 'failed: ' + result.reason),
        }))));
        </script>
        """;

    [Fact]
    public async Task A_page_with_a_socket_and_a_stream_of_events_works_in_a_real_browser_over_http2()
    {
        var certificate = default(IngressController.Testing.Tls.TestCertificate);
        await using var world = await TlsWorld.StartAsync(world =>
        {
            certificate = world.Authority.Server("a.test");
            world.Write("secret", certificate.Secret("a"));
            world.Write("a", TlsWorld.Ingress("a", "a.test", "{ hosts: [a.test], secretName: a }"));
        });
        var done = new TaskCompletionSource<JsonElement>();
        world.Backend.Answer = context => AnswerAsync(context, done);
        await using var browser = Chromium.Open("https://a.test/", new Dictionary<string, Uri> { ["a.test:443"] = world.Controller.Https }, certificate!.Loaded);
        var seen = await done.Task.InTime();
        Assert.Equal("h2", seen.GetProperty("protocol").GetString());
        Assert.Equal(["hello", "news", "100000"], seen.GetProperty("results").EnumerateArray().Select(result => result.GetString()));
    }

    private static async Task AnswerAsync(HttpContext context, TaskCompletionSource<JsonElement> done)
    {
        switch (context.Request.Path.Value)
        {
            case "/":
                context.Response.ContentType = "text/html";
                await context.Response.WriteAsync(Page);
                break;
            case "/socket":
                await EchoOnceAsync(await context.WebSockets.AcceptWebSocketAsync());
                break;
            case "/events":
                context.Response.ContentType = "text/event-stream";
                await context.Response.WriteAsync("data: news\n\n");
                await context.Response.Body.FlushAsync();
                break;
            case "/post":
                var length = 0;
                var buffer = new byte[4096];
                while (await context.Request.Body.ReadAsync(buffer) is > 0 and var read)
                {
                    length += read;
                }

                await context.Response.WriteAsync($"{length}");
                break;
            case "/done":
                done.TrySetResult(JsonDocument.Parse(Uri.UnescapeDataString(context.Request.QueryString.Value![1..])).RootElement);
                break;
            default:
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                break;
        }
    }

    private static async Task EchoOnceAsync(WebSocket socket)
    {
        var buffer = new byte[100];
        var received = await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
        await socket.SendAsync(buffer.AsMemory(0, received.Count), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
    }
}
