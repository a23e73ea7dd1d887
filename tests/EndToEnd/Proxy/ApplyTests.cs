using System.Net;
using IngressController.Routing.Model;
using IngressController.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace IngressController.EndToEnd.Proxy;

public sealed class ApplyTests
{
    private static readonly BackendKey Web = HandMadeModel.Key("web");

    [Fact]
    public async Task Requests_follow_a_change_of_destinations_at_once()
    {
        await using var first = await EchoBackend.StartAsync();
        await using var second = await EchoBackend.StartAsync();
        await using var proxy = await ProxyUnderTest.StartWithAsync(first.Destination);
        using var client = proxy.CreateClient();
        await client.GetStringAsync("/");

        proxy.DataPlane.Apply(proxy.Model.Backend(Web, second.Destination));
        await client.GetStringAsync("/");

        Assert.Single(first.Requests);
        Assert.Single(second.Requests);
    }

    [Fact]
    public async Task A_request_under_way_ends_on_the_destination_that_is_gone()
    {
        var (arrived, proceed) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var backend = await EchoBackend.StartAsync();
        backend.Answer = async context =>
        {
            arrived.SetResult();
            await proceed.Task;
            await context.Response.WriteAsync("late", context.RequestAborted);
        };
        await using var proxy = await ProxyUnderTest.StartWithAsync(backend.Destination);
        using var client = proxy.CreateClient();

        var pending = client.GetStringAsync("/");
        await arrived.Task.InTime();
        proxy.DataPlane.Apply(proxy.Model.RemoveHost(ProxyUnderTest.Host));
        proxy.DataPlane.Apply(proxy.Model.RemoveBackend(Web));
        using var after = await client.GetAsync("/");
        proceed.SetResult();

        Assert.Equal("late", await pending.InTime());
        Assert.Equal(HttpStatusCode.NotFound, after.StatusCode);
    }

    [Fact]
    public async Task A_change_of_one_host_leaves_the_others()
    {
        await using var backend = await EchoBackend.StartAsync();
        await using var proxy = await ProxyUnderTest.StartWithAsync(backend.Destination);
        proxy.DataPlane.Apply(proxy.Model.Route("other.test", "/", Web));
        proxy.DataPlane.Apply(proxy.Model.RemoveHost(ProxyUnderTest.Host));
        using var gone = proxy.CreateClient();
        using var stays = proxy.CreateClient("other.test");

        using var notFound = await gone.GetAsync("/");
        using var found = await stays.GetAsync("/");

        Assert.Equal(HttpStatusCode.NotFound, notFound.StatusCode);
        Assert.Equal(HttpStatusCode.OK, found.StatusCode);
    }

    [Fact]
    public async Task The_catch_all_answers_hosts_that_nobody_declares()
    {
        await using var backend = await EchoBackend.StartAsync();
        await using var proxy = await ProxyUnderTest.StartAsync();
        proxy.DataPlane.Apply(proxy.Model.Backend(Web, backend.Destination));
        proxy.DataPlane.Apply(proxy.Model.CatchAll(Web));
        using var client = proxy.CreateClient("anything.test");

        using var response = await client.GetAsync("/");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task A_backend_that_begins_to_speak_another_protocol_is_spoken_to_in_it()
    {
        await using var one = await EchoBackend.StartAsync();
        await using var two = await EchoBackend.StartAsync(protocols: HttpProtocols.Http2);
        await using var proxy = await ProxyUnderTest.StartWithAsync(one.Destination);
        proxy.DataPlane.Apply(proxy.Model.CatchAll(Web));
        using var client = proxy.CreateClient();
        using var stranger = proxy.CreateClient("anything.test");

        proxy.DataPlane.Apply(proxy.Model.Backend(Web, BackendProtocol.H2c, null, two.Destination));
        using var response = await client.GetAsync("/");
        using var caught = await stranger.GetAsync("/");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(HttpStatusCode.OK, caught.StatusCode);
        Assert.All(two.Requests, request => Assert.Equal("HTTP/2", request.Protocol));
    }

    [Fact]
    public async Task A_destination_that_cannot_be_used_costs_only_itself()
    {
        await using var backend = await EchoBackend.StartAsync();
        await using var proxy = await ProxyUnderTest.StartWithAsync(new Destination("no host at all/", 80), backend.Destination, new Destination("10.0.0.1", 99999));
        using var client = proxy.CreateClient();

        for (var request = 0; request < 4; request++)
        {
            await client.GetStringAsync("/");
        }

        Assert.Equal(4, backend.Requests.Count);
    }

    [Fact]
    public async Task No_request_fails_while_destinations_and_hosts_change_all_the_time()
    {
        await using var first = await EchoBackend.StartAsync();
        await using var second = await EchoBackend.StartAsync();
        await using var proxy = await ProxyUnderTest.StartWithAsync(first.Destination);
        using var client = proxy.CreateClient();
        var stop = new CancellationTokenSource();
        var changes = Task.Run(() =>
        {
            for (var change = 0; !stop.IsCancellationRequested; change++)
            {
                Destination[] destinations = (change % 3) switch
                {
                    0 => [first.Destination, second.Destination],
                    1 => [second.Destination],
                    _ => [first.Destination],
                };
                proxy.DataPlane.Apply(proxy.Model.Backend(Web, destinations));
                proxy.DataPlane.Apply(proxy.Model.Route(ProxyUnderTest.Host, $"/extra{change % 2}", Web));
            }
        });

        var statuses = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            var seen = new HashSet<HttpStatusCode>();
            for (var request = 0; request < 200; request++)
            {
                using var response = await client.GetAsync("/");
                seen.Add(response.StatusCode);
            }

            return seen;
        }));
        await stop.CancelAsync();
        await changes;

        Assert.Equal([HttpStatusCode.OK], statuses.SelectMany(seen => seen).Distinct());
    }
}
