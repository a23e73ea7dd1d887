using System.Net;
using IngressController.Routing.Model;
using IngressController.Testing;

namespace IngressController.EndToEnd.Proxy;

public sealed class DestinationNameTests
{
    [Fact]
    public async Task A_name_that_does_not_resolve_is_502()
    {
        await using var proxy = await ProxyUnderTest.StartWithAsync(new Destination("no-such-host.invalid", 80));
        using var client = proxy.CreateClient();

        using var response = await client.GetAsync("/");

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Contains("\"reason\":\"NameUnresolved\"", await proxy.Log.LineAsync("\"status\":502"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_is_resolved_and_reached()
    {
        await using var backend = await EchoBackend.StartAsync();
        await using var proxy = await ProxyUnderTest.StartWithAsync(backend.Destination with { Host = "localhost" });
        using var client = proxy.CreateClient();

        using var response = await client.GetAsync("/");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("shop.test", backend.Single.Header("Host"));
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("127.0.0.1")]
    [InlineData("::ffff:127.0.0.1")]
    public async Task A_destination_on_this_machine_is_refused_unless_the_operator_allows_it(string host)
    {
        await using var backend = await EchoBackend.StartAsync();
        await using var proxy = await ProxyUnderTest.StartAsync(options => options.AllowLocalTargets = false);
        proxy.Serve(backend.Destination with { Host = host });
        using var client = proxy.CreateClient();

        using var response = await client.GetAsync("/");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Contains("\"reason\":\"TargetRefused\"", await proxy.Log.LineAsync("\"status\":503"), StringComparison.Ordinal);
        Assert.Empty(backend.Requests);
    }
}
