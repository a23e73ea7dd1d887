using System.Net;
using IngressController.Routing.Model;
using IngressController.Testing;

namespace IngressController.EndToEnd.Proxy;

public sealed class RetryTests
{
    private static readonly UpstreamPolicy Impatient = UpstreamPolicy.Default with { ConnectTimeout = TimeSpan.FromMilliseconds(200) };

    [Theory]
    [InlineData("GET", 0)]
    [InlineData("POST", 100_000)]
    public async Task A_refused_connection_is_tried_on_another_destination(string method, int bodyLength)
    {
        await using var backend = await EchoBackend.StartAsync();
        await using var proxy = await ProxyUnderTest.StartWithAsync(RawBackend.Refusing(), RawBackend.Refusing(), backend.Destination);
        using var client = proxy.CreateClient();

        for (var request = 0; request < 6; request++)
        {
            using var message = new HttpRequestMessage(new HttpMethod(method), "/");
            message.Content = bodyLength > 0 ? new ByteArrayContent(new byte[bodyLength]) : null;
            using var response = await client.SendAsync(message);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        Assert.Equal(6, backend.Requests.Count);
        Assert.All(backend.Requests, request => Assert.Equal(bodyLength, request.BodyLength));
    }

    [Fact]
    public async Task At_most_three_destinations_are_tried()
    {
        await using var backend = await EchoBackend.StartAsync();
        await using var proxy = await ProxyUnderTest.StartWithAsync(
            RawBackend.Refusing(), RawBackend.Refusing(), RawBackend.Refusing(), RawBackend.Refusing(), RawBackend.Refusing(), backend.Destination);
        using var client = proxy.CreateClient();

        var statuses = new List<HttpStatusCode>();
        for (var request = 0; request < 6; request++)
        {
            using var response = await client.GetAsync("/");
            statuses.Add(response.StatusCode);
        }

        Assert.Contains(HttpStatusCode.BadGateway, statuses);
        Assert.Contains(HttpStatusCode.OK, statuses);
    }

    [Fact]
    public async Task A_destination_that_swallows_packets_costs_the_connect_timeout_and_then_another_is_tried()
    {
        await using var backend = await EchoBackend.StartAsync();
        using var silent = new SilentListener();
        await using var proxy = await ProxyUnderTest.StartAsync();
        proxy.Serve(HandMadeModel.Key("web", Impatient), BackendProtocol.Http, silent.Destination, backend.Destination);
        using var client = proxy.CreateClient();

        using var first = await client.GetAsync("/");
        using var second = await client.GetAsync("/");

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
    }

    [Fact]
    public async Task A_request_that_a_destination_has_seen_is_not_sent_to_another()
    {
        await using var first = RawBackend.Answering("");
        await using var second = RawBackend.Answering("");
        await using var proxy = await ProxyUnderTest.StartWithAsync(first.Destination, second.Destination);
        using var client = proxy.CreateClient();

        using var response = await client.PostAsync("/", new StringContent("once"));

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Equal(1, first.Connections + second.Connections);
    }
}
