using System.Net;
using System.Net.Http.Headers;
using IngressController.Cluster;
using IngressController.Proxy;
using IngressController.Routing.Model;
using IngressController.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace IngressController.EndToEnd.Proxy;

/// <summary>What is counted of requests, as whoever listens to the meters sees it.</summary>
public sealed class RequestMetricsTests
{
    private const string Web = "shop web web:80";
    private const string NoRoute = "  "; // three empty labels

    [Fact]
    public async Task A_request_is_counted_under_its_Ingress_Service_and_status()
    {
        await using var backend = await EchoBackend.StartAsync();
        await using var proxy = await ProxyUnderTest.StartWithAsync(backend.Destination);
        using var readings = new MeterReadings(proxy.Meters);
        using var client = proxy.CreateClient();

        var answer = await client.GetStringAsync("/some/path");

        await readings.IsAsync($"ingress.requests {Web} 2xx", 1);
        await readings.IsAsync($"ingress.request.duration {Web} 2xx", 1);
        await readings.IsAsync($"ingress.upstream.duration {Web} 2xx", 1);
        await readings.IsAsync($"ingress.request.io {Web} transmit", answer.Length);
        await readings.IsAsync($"ingress.request.io {Web} receive", 0);
        await readings.IsAsync($"ingress.upstream.retries {Web}", 0);
        await readings.IsAsync($"ingress.destination.requests shop web:80 {backend.Destination} answered", 1);
        await readings.IsAsync($"ingress.active_requests {Web}", 0);
    }

    [Theory]
    [InlineData("text/plain", true)]
    [InlineData("text/plain", false)]
    [InlineData("application/grpc", false)]
    public async Task Bytes_of_a_body_are_counted_without_what_frames_them(string contentType, bool hasLength)
    {
        await using var backend = await EchoBackend.StartAsync();
        await using var proxy = await ProxyUnderTest.StartWithAsync(backend.Destination);
        using var readings = new MeterReadings(proxy.Meters);
        using var client = proxy.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = new ByteArrayContent(new byte[100_000]) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        request.Headers.TransferEncodingChunked = !hasLength;

        using var answer = await client.SendAsync(request);

        await readings.IsAsync($"ingress.request.io {Web} receive", 100_000);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Requests_that_no_route_answers_have_empty_labels()
    {
        await using var proxy = await ProxyUnderTest.StartAsync();
        using var readings = new MeterReadings(proxy.Meters);
        using var client = proxy.CreateClient("nobody.test");

        using var answer = await client.GetAsync("/");

        await readings.IsAsync($"ingress.requests {NoRoute} 4xx", 1);
        await readings.IsAsync($"ingress.request.duration {NoRoute} 4xx", 1);
        await readings.IsAsync($"ingress.upstream.duration {NoRoute} 4xx", 0);
        Assert.DoesNotContain(readings.Now.Keys, name => name.Contains("nobody", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_Kestrel_refuses_is_a_request_of_unknown_duration()
    {
        await using var proxy = await ProxyUnderTest.StartAsync();
        using var readings = new MeterReadings(proxy.Meters);

        Assert.StartsWith("HTTP/1.1 400 ", await proxy.SendRawAsync("GET / HTTP/1.1\r\nno header\r\n\r\n"), StringComparison.Ordinal);

        await readings.IsAsync($"ingress.requests {NoRoute} 4xx", 1);
        await readings.IsAsync($"ingress.request.duration {NoRoute} 4xx", 0);
    }

    [Fact]
    public async Task A_refused_route_answers_under_its_Ingress()
    {
        await using var proxy = await ProxyUnderTest.StartAsync();
        proxy.DataPlane.Apply(proxy.Model.Refuse(ProxyUnderTest.Host, "/", ProblemCode.ServiceNotFound));
        using var readings = new MeterReadings(proxy.Meters);
        using var client = proxy.CreateClient();

        using var answer = await client.GetAsync("/");

        await readings.IsAsync("ingress.requests shop web  5xx", 1);
        await readings.IsAsync("ingress.upstream.duration shop web  5xx", 0);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
    }

    [Fact]
    public async Task A_redirect_is_counted_under_its_Ingress()
    {
        await using var backend = await EchoBackend.StartAsync();
        await using var proxy = await ProxyUnderTest.StartWithAsync(backend.Destination);
        proxy.DataPlane.Apply(proxy.Model.Secure(ProxyUnderTest.Host, HostTls.None with { IsAskedFor = true }));
        using var readings = new MeterReadings(proxy.Meters);
        using var client = proxy.CreateClient();

        using var answer = await client.GetAsync("/");

        await readings.IsAsync($"ingress.requests {Web} 3xx", 1);
        Assert.Equal(HttpStatusCode.PermanentRedirect, answer.StatusCode);
    }

    [Fact]
    public async Task The_route_of_the_default_backend_has_no_Ingress()
    {
        await using var backend = await EchoBackend.StartAsync();
        await using var proxy = await ProxyUnderTest.StartAsync();
        proxy.DataPlane.Apply(proxy.Model.Backend(HandMadeModel.Key("web"), backend.Destination));
        proxy.DataPlane.Apply(proxy.Model.CatchAll(HandMadeModel.Key("web")));
        using var readings = new MeterReadings(proxy.Meters);
        using var client = proxy.CreateClient("whatever.test");

        await client.GetStringAsync("/");

        await readings.IsAsync("ingress.requests shop  web:80 2xx", 1);
    }

    [Fact]
    public async Task Every_further_try_is_counted_and_every_try_that_failed()
    {
        await using var backend = await EchoBackend.StartAsync();
        var refusing = RawBackend.Refusing();
        await using var proxy = await ProxyUnderTest.StartWithAsync(refusing, backend.Destination);
        using var readings = new MeterReadings(proxy.Meters);
        using var client = proxy.CreateClient();

        for (var request = 0; request < 4; request++)
        {
            await client.GetStringAsync("/");
        }

        await readings.IsAsync($"ingress.requests {Web} 2xx", 4);
        await readings.IsAsync($"ingress.upstream.duration {Web} 2xx", 4);
        await readings.IsAsync($"ingress.upstream.retries {Web}", 2); // by turns
        await readings.IsAsync($"ingress.destination.requests shop web:80 {refusing} failed", 2);
        await readings.IsAsync($"ingress.destination.requests shop web:80 {backend.Destination} answered", 4);
    }

    [Fact]
    public async Task An_answer_that_breaks_off_has_failed()
    {
        await using var backend = RawBackend.Answering("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
        await using var proxy = await ProxyUnderTest.StartWithAsync(backend.Destination);
        using var readings = new MeterReadings(proxy.Meters);
        using var client = proxy.CreateClient();

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => client.GetStringAsync("/"));

        await readings.IsAsync($"ingress.destination.requests shop web:80 {backend.Destination} failed", 1);
        await readings.IsAsync($"ingress.requests {Web} 2xx", 1);
    }

    [Fact]
    public async Task An_error_of_the_backend_is_told_from_one_of_ours()
    {
        await using var backend = await EchoBackend.StartAsync();
        backend.Answer = context =>
        {
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            return Task.CompletedTask;
        };
        await using var proxy = await ProxyUnderTest.StartWithAsync(backend.Destination);
        using var readings = new MeterReadings(proxy.Meters);
        using var client = proxy.CreateClient();

        using var answer = await client.GetAsync("/");

        await readings.IsAsync($"ingress.destination.requests shop web:80 {backend.Destination} server_error", 1);
        await readings.IsAsync($"ingress.requests {Web} 5xx", 1);
    }

    [Fact]
    public async Task A_client_that_does_not_wait_is_counted_and_is_not_the_destinations_fault()
    {
        await using var backend = await EchoBackend.StartAsync();
        backend.Answer = context => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        await using var proxy = await ProxyUnderTest.StartWithAsync(backend.Destination);
        using var readings = new MeterReadings(proxy.Meters);
        using var client = proxy.CreateClient();
        using var impatience = new CancellationTokenSource();

        var answer = client.GetAsync("/", impatience.Token);
        await readings.IsAsync($"ingress.destination.active_requests shop web:80 {backend.Destination}", 1);
        await impatience.CancelAsync();

        await readings.IsAsync($"ingress.requests {Web} 4xx", 1);
        await readings.IsAsync($"ingress.destination.requests shop web:80 {backend.Destination} abandoned", 1);
        await readings.IsAsync($"ingress.active_requests {Web}", 0);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
    }

    [Fact]
    public async Task Hosts_are_told_where_the_operator_wants_them_as_the_rule_writes_them()
    {
        await using var backend = await EchoBackend.StartAsync();
        await using var proxy = await ProxyUnderTest.StartAsync(options => options.MetricsByHost = true);
        proxy.Serve(backend.Destination);
        proxy.DataPlane.Apply(proxy.Model.Route("*.shop.test", "/", HandMadeModel.Key("web")));
        using var readings = new MeterReadings(proxy.Meters);
        using var client = proxy.CreateClient("One.SHOP.test:80");

        await client.GetStringAsync("/");

        await readings.IsAsync($"ingress.requests {Web} 2xx *.shop.test", 1);
        await readings.IsAsync($"ingress.request.duration {Web} 2xx *.shop.test", 1);
    }

    [Fact]
    public async Task Streams_of_one_connection_are_requests_each()
    {
        await using var backend = await EchoBackend.StartAsync(protocols: HttpProtocols.Http1);
        await using var proxy = await ProxyUnderTest.StartWithAsync(backend.Destination);
        using var readings = new MeterReadings(proxy.Meters);
        using var client = proxy.CreateClient(version: HttpVersion.Version20);

        await client.GetStringAsync("/");
        await Task.WhenAll(client.GetStringAsync("/"), client.GetStringAsync("/"));

        await readings.IsAsync($"ingress.requests {Web} 2xx", 3);
        await readings.IsAsync("ingress.connections http", 1);
    }
}
