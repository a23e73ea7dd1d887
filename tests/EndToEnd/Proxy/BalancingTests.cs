using IngressController.Routing.Model;
using IngressController.Testing;

namespace IngressController.EndToEnd.Proxy;

public sealed class BalancingTests
{
    [Fact]
    public async Task Requests_go_around_evenly()
    {
        await using var first = await EchoBackend.StartAsync();
        await using var second = await EchoBackend.StartAsync();
        await using var third = await EchoBackend.StartAsync();
        await using var proxy = await ProxyUnderTest.StartWithAsync(first.Destination, second.Destination, third.Destination);
        using var client = proxy.CreateClient();

        for (var request = 0; request < 9; request++)
        {
            await client.GetStringAsync("/");
        }

        Assert.Equal([3, 3, 3], new[] { first, second, third }.Select(backend => backend.Requests.Count));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/under-another-policy")]
    public async Task Least_requests_avoids_the_busy_destination(string busyWith)
    {
        var (arrived, proceed) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var first = await EchoBackend.StartAsync();
        await using var second = await EchoBackend.StartAsync();
        var key = HandMadeModel.Key("web", UpstreamPolicy.Default with { Balancing = Balancing.LeastRequests });
        await using var proxy = await ProxyUnderTest.StartAsync();
        var patient = HandMadeModel.Key("web", key.Policy with { IdleTimeout = TimeSpan.FromMinutes(5) });
        proxy.Serve(key, BackendProtocol.Http, first.Destination, second.Destination);
        proxy.DataPlane.Apply(proxy.Model.Backend(patient, first.Destination, second.Destination));
        proxy.DataPlane.Apply(proxy.Model.Route(ProxyUnderTest.Host, "/under-another-policy", patient));
        using var client = proxy.CreateClient();
        first.Answer = second.Answer = async _ =>
        {
            arrived.SetResult();
            await proceed.Task;
        };

        var busy = client.GetStringAsync(busyWith);
        await arrived.Task.InTime();
        var (occupied, idle) = first.Requests.IsEmpty ? (second, first) : (first, second);
        first.Answer = second.Answer = null;
        for (var request = 0; request < 5; request++)
        {
            await client.GetStringAsync("/");
        }

        proceed.SetResult();
        await busy.InTime();
        Assert.Equal((1, 5), (occupied.Requests.Count, idle.Requests.Count));
    }

    [Theory]
    [InlineData(Balancing.PowerOfTwoChoices)]
    [InlineData(Balancing.Random)]
    public async Task Other_policies_reach_every_destination(Balancing balancing)
    {
        await using var first = await EchoBackend.StartAsync();
        await using var second = await EchoBackend.StartAsync();
        await using var proxy = await ProxyUnderTest.StartAsync();
        proxy.Serve(HandMadeModel.Key("web", UpstreamPolicy.Default with { Balancing = balancing }), BackendProtocol.Http, first.Destination, second.Destination);
        using var client = proxy.CreateClient();

        for (var request = 0; request < 60; request++)
        {
            await client.GetStringAsync("/");
        }

        Assert.NotEmpty(first.Requests);
        Assert.NotEmpty(second.Requests);
    }

    [Fact]
    public async Task A_client_with_affinity_stays_with_its_destination_and_moves_when_that_is_gone()
    {
        await using var first = await EchoBackend.StartAsync("first");
        await using var second = await EchoBackend.StartAsync("second");
        await using var third = await EchoBackend.StartAsync("third");
        var (key, hour) = (HandMadeModel.Key("web"), TimeSpan.FromHours(1));
        await using var proxy = await ProxyUnderTest.StartAsync();
        proxy.DataPlane.Apply(proxy.Model.Backend(key, BackendProtocol.Http, hour, first.Destination, second.Destination, third.Destination));
        proxy.DataPlane.Apply(proxy.Model.Route(ProxyUnderTest.Host, "/", key));
        using var client = proxy.CreateClient();
        EchoBackend[] all = [first, second, third];
        for (var request = 0; request < 6; request++)
        {
            await client.GetStringAsync("/");
        }

        var mine = Assert.Single(all, backend => backend.Requests.Count == 6);
        Destination[] others = [.. all.Where(backend => backend != mine).Select(backend => backend.Destination)];
        proxy.DataPlane.Apply(proxy.Model.Backend(key, BackendProtocol.Http, hour, others));
        for (var request = 0; request < 6; request++)
        {
            await client.GetStringAsync("/");
        }

        Assert.Equal(6, mine.Requests.Count);
        Assert.Single(all, backend => backend != mine && backend.Requests.Count == 6);
    }
}
