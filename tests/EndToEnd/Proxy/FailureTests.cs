using System.Net;
using IngressController.Cluster;
using IngressController.Routing.Model;
using IngressController.Testing;

namespace IngressController.EndToEnd.Proxy;

public sealed class FailureTests
{
    private static readonly UpstreamPolicy Impatient =
        UpstreamPolicy.Default with { ConnectTimeout = TimeSpan.FromMilliseconds(200), IdleTimeout = TimeSpan.FromMilliseconds(400) };

    [Theory]
    [InlineData("text/html,application/json", "text/html; charset=utf-8", "<h1>404 Not Found</h1>")]
    [InlineData("", "text/html; charset=utf-8", "<h1>404 Not Found</h1>")]
    [InlineData("application/json", "application/json", "{\"status\":404,\"error\":\"Not Found\"}")]
    public async Task What_no_rule_answers_is_404_in_the_clients_language(string accept, string contentType, string body)
    {
        await using var proxy = await ProxyUnderTest.StartAsync();

        var response = await proxy.SendRawAsync($"GET /x HTTP/1.1\r\nHost: other.test\r\nAccept: {accept}\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 404 Not Found\r\n", response, StringComparison.Ordinal);
        Assert.Contains($"Content-Type: {contentType}\r\n", response, StringComparison.Ordinal);
        Assert.Contains("X-Request-ID: ", response, StringComparison.Ordinal);
        Assert.Contains(body, response, StringComparison.Ordinal);
        Assert.Contains("\"reason\":\"NoRoute\"", await proxy.Log.LineAsync("/x"), StringComparison.Ordinal);
    }

    /// <summary>A 404 would be a lie that clients and caches remember.</summary>
    [Fact]
    public async Task Before_the_first_configuration_everything_is_503_and_asked_to_come_again()
    {
        await using var backend = await EchoBackend.StartAsync();
        await using var proxy = await ProxyUnderTest.StartAsync(isServing: false);
        proxy.Serve(backend.Destination);
        using var client = proxy.CreateClient();

        using var early = await client.GetAsync("/");
        proxy.DataPlane.BeginServing();
        using var late = await client.GetAsync("/");

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "1"), (early.StatusCode, early.Headers.RetryAfter?.ToString()));
        Assert.True(early.Headers.Contains("X-Request-ID"));
        Assert.Contains("\"reason\":\"Starting\"", await proxy.Log.LineAsync("\"status\":503"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, late.StatusCode);
    }

    [Fact]
    public async Task A_built_in_answer_to_HEAD_has_no_body()
    {
        await using var proxy = await ProxyUnderTest.StartAsync();

        var response = await proxy.SendRawAsync("HEAD / HTTP/1.1\r\nHost: other.test\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 404 ", response, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n", response, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_backend_without_endpoints_is_503_in_its_place()
    {
        await using var proxy = await ProxyUnderTest.StartWithAsync();
        await using var broader = await EchoBackend.StartAsync();
        proxy.DataPlane.Apply(proxy.Model.Backend(HandMadeModel.Key("broader"), broader.Destination));
        proxy.DataPlane.Apply(proxy.Model.Backend(HandMadeModel.Key("narrow")));
        proxy.DataPlane.Apply(proxy.Model.Route("two.test", "/", HandMadeModel.Key("broader")));
        proxy.DataPlane.Apply(proxy.Model.Route("two.test", "/narrow", HandMadeModel.Key("narrow")));
        using var client = proxy.CreateClient("two.test");

        using var response = await client.GetAsync("/narrow/x");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Contains("\"reason\":\"NoEndpoints\"", await proxy.Log.LineAsync("/narrow/x"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_route_is_503_with_its_reason()
    {
        await using var proxy = await ProxyUnderTest.StartAsync();
        proxy.DataPlane.Apply(proxy.Model.Refuse(ProxyUnderTest.Host, "/", ProblemCode.ResourceBackend));
        using var client = proxy.CreateClient();

        using var response = await client.GetAsync("/r");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Contains("\"reason\":\"ResourceBackend\"", await proxy.Log.LineAsync("/r"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_connection_is_502_when_no_other_destination_is_left()
    {
        await using var proxy = await ProxyUnderTest.StartWithAsync(RawBackend.Refusing(), RawBackend.Refusing());
        using var client = proxy.CreateClient();

        using var response = await client.GetAsync("/");

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Contains("502 Bad Gateway", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("\"reason\":\"ConnectFailed\"", await proxy.Log.LineAsync("\"status\":502"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connect_timeout_is_504_when_no_other_destination_is_left()
    {
        using var silent = new SilentListener();
        await using var proxy = await ProxyUnderTest.StartAsync();
        proxy.Serve(HandMadeModel.Key("web", Impatient with { IdleTimeout = TimeSpan.FromSeconds(10) }), BackendProtocol.Http, silent.Destination);
        using var client = proxy.CreateClient();

        using var response = await client.GetAsync("/");

        Assert.Equal(HttpStatusCode.GatewayTimeout, response.StatusCode);
        Assert.Contains("\"reason\":\"ConnectTimeout\"", await proxy.Log.LineAsync("\"status\":504"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_backend_that_does_not_answer_in_time_is_504_and_no_other_is_asked()
    {
        await using var mute = new RawBackend(async (stream, stop) =>
        {
            await RawBackend.ReadHeadAsync(stream, stop);
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop);
        });
        await using var proxy = await ProxyUnderTest.StartAsync();
        proxy.Serve(HandMadeModel.Key("web", Impatient), BackendProtocol.Http, mute.Destination, mute.Destination with { Host = "localhost" });
        using var client = proxy.CreateClient();

        using var response = await client.GetAsync("/");

        Assert.Equal(HttpStatusCode.GatewayTimeout, response.StatusCode);
        Assert.Contains("\"reason\":\"ResponseTimeout\"", await proxy.Log.LineAsync("\"status\":504"), StringComparison.Ordinal);
        Assert.Equal(1, mute.Connections);
    }

    [Theory]
    [InlineData("")]
    [InlineData("this is not HTTP\r\n\r\n")]
    public async Task A_broken_answer_is_502(string answer)
    {
        await using var broken = RawBackend.Answering(answer);
        await using var proxy = await ProxyUnderTest.StartWithAsync(broken.Destination);
        using var client = proxy.CreateClient();

        using var response = await client.GetAsync("/");

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Contains("\"reason\":\"BrokenResponse\"", await proxy.Log.LineAsync("\"status\":502"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_breaks_off_breaks_off_for_the_client_too()
    {
        await using var broken = RawBackend.Answering("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this");
        await using var proxy = await ProxyUnderTest.StartWithAsync(broken.Destination);
        using var client = proxy.CreateClient();

        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync("/"));

        Assert.Contains("\"reason\":\"BrokenResponse\"", await proxy.Log.LineAsync("\"bytes\":9"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_goes_away_is_499_and_the_backend_is_let_go()
    {
        var (arrived, ended) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var backend = await EchoBackend.StartAsync();
        backend.Answer = async context =>
        {
            context.RequestAborted.Register(ended.SetResult);
            arrived.SetResult();
            await ended.Task;
        };
        await using var proxy = await ProxyUnderTest.StartWithAsync(backend.Destination);
        await using (var stream = await proxy.ConnectAsync())
        {
            await stream.WriteAsync("GET /left HTTP/1.1\r\nHost: shop.test\r\n\r\n"u8.ToArray());
            await arrived.Task.InTime();
        }

        await ended.Task.InTime();
        Assert.Contains("\"reason\":\"ClientClosed\"", await proxy.Log.LineAsync("\"status\":499"), StringComparison.Ordinal);
    }
}
