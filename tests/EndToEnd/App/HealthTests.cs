using System.Net;
using IngressController.Echo;
using IngressController.Testing;

namespace IngressController.EndToEnd.App;

public sealed class HealthTests : IAsyncLifetime, IDisposable
{
    private readonly TemporaryDirectory manifests = new();
    private EchoServer backend = null!;

    public async Task InitializeAsync()
    {
        backend = await EchoServer.StartAsync("web", 0, CancellationToken.None);
        manifests.Write("class.yaml", World.Class);
        manifests.Write("web.yaml", World.Service("web", backend.Port));
        manifests.Write("ingress.yaml", World.Ingress("web", "shop.test", "/", "web"));
    }

    public async Task DisposeAsync() => await backend.DisposeAsync();

    public void Dispose() => manifests.Dispose();

    [Fact]
    public async Task Ready_once_the_first_configuration_is_served()
    {
        await using var controller = await ControllerProcess.StartAsync(manifests.Path);
        Assert.Equal("ok\n", await controller.Admin.GetStringAsync("/livez"));
        Assert.Equal("ready\n", await controller.Admin.GetStringAsync("/readyz"));
        Assert.Equal("200 web answers GET /x for shop.test", await controller.AnswerAsync("shop.test", "/x"));
    }

    [Fact]
    public async Task The_admin_port_and_the_public_port_never_answer_for_each_other()
    {
        await using var controller = await ControllerProcess.StartAsync(manifests.Path);
        var admin = controller.Admin.BaseAddress!;
        foreach (var host in new[] { admin.Authority, $"localhost:{admin.Port}", "127.0.0.1" })
        {
            Assert.StartsWith("404 ", await controller.AnswerAsync(host, "/livez"), StringComparison.Ordinal);
            Assert.StartsWith("404 ", await controller.AnswerAsync(host, "/readyz"), StringComparison.Ordinal);
        }

        Assert.Equal("200 web answers GET /readyz for shop.test", await controller.AnswerAsync("shop.test", "/readyz"));
        using var spoofed = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { Host = "shop.test" } };
        using var response = await controller.Admin.SendAsync(spoofed);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode); // a foreign name, at a port that knows its own
    }

    [Theory]
    [InlineData("HEAD", HttpStatusCode.OK)]
    [InlineData("POST", HttpStatusCode.MethodNotAllowed)]
    public async Task Probes_are_for_reading(string method, HttpStatusCode expected)
    {
        await using var controller = await ControllerProcess.StartAsync(manifests.Path);
        using var request = new HttpRequestMessage(new HttpMethod(method), "/readyz");
        using var response = await controller.Admin.SendAsync(request);
        Assert.Equal(expected, response.StatusCode);
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task Requests_in_flight_survive_the_end(string signal)
    {
        await using var controller = await ControllerProcess.StartAsync(manifests.Path, "--shutdown-grace-period", "20s");
        var inFlight = controller.AnswerAsync("shop.test", "/slow?delay=1500");
        await controller.AnswersAsync("shop.test", "/", answer => answer.StartsWith("200", StringComparison.Ordinal));
        await controller.Program.SignalAsync(signal);
        Assert.Equal("200 web answers GET /slow?delay=1500 for shop.test", await inFlight.InTime());
        Assert.Equal(0, await controller.Program.ExitCodeAsync());
    }

    [Fact]
    public async Task Readiness_ends_at_once_and_accepting_after_the_delay()
    {
        await using var controller = await ControllerProcess.StartAsync(manifests.Path, "--shutdown-delay", "2s");
        await controller.Program.SignalAsync("TERM");
        await controller.Program.SaysAsync("SIGTERM");
        using var response = await controller.Admin.GetAsync("/readyz");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("shutting down\n", await response.Content.ReadAsStringAsync());
        using var newcomer = new HttpClient { BaseAddress = controller.Http };
        newcomer.DefaultRequestHeaders.Host = "shop.test";
        Assert.Equal("web answers GET /late for shop.test\n", await newcomer.GetStringAsync("/late"));
        Assert.Equal(0, await controller.Program.ExitCodeAsync());
    }

    [Fact]
    public async Task The_grace_period_ends_what_does_not_finish()
    {
        await using var controller = await ControllerProcess.StartAsync(manifests.Path, "--shutdown-grace-period", "200ms");
        var endless = controller.AnswerAsync("shop.test", "/slow?delay=60000");
        await controller.AnswersAsync("shop.test", "/", answer => answer.StartsWith("200", StringComparison.Ordinal));
        await controller.Program.SignalAsync("TERM");
        Assert.Equal(0, await controller.Program.ExitCodeAsync());
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => endless.InTime());
        Assert.Contains("The grace period of 200ms is over", controller.Program.Errors, StringComparison.Ordinal);
        Assert.Matches("/slow.* 503 .* ShuttingDown", controller.Program.Output);
    }

    [Fact]
    public async Task A_second_signal_ends_at_once()
    {
        await using var controller = await ControllerProcess.StartAsync(manifests.Path, "--shutdown-delay", "1h");
        await controller.Program.SignalAsync("TERM");
        await controller.Program.SaysAsync("SIGTERM");
        await controller.Program.SignalAsync("TERM");
        Assert.Equal(128 + 15, await controller.Program.ExitCodeAsync());
    }
}
