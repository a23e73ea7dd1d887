using System.Net;
using IngressController.Testing;
using Microsoft.AspNetCore.Http;

namespace IngressController.EndToEnd.Tls;

/// <summary>What a client may take, and how it is let go, in every version that there is here.</summary>
public sealed class Http3LimitTests
{
    public static TheoryData<string> Versions => Http3Tests.Versions;

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_client_has_no_more_connections_than_it_may(string version)
    {
        await using var world = await StartAsync("--max-connections-per-client", "1");
        using (var first = world.Client(new(version), "a.test"))
        {
            Assert.Equal(200, await first.StatusAsync());
            using var second = world.Client(new(version), "a.test");
            await Assert.ThrowsAsync<HttpRequestException>(() => second.StatusAsync());
            Assert.True(await world.MetricAsync("ingress_limit_hits_total", "limit=\"connections_per_client\"") > 0);
        }

        await Eventually.TrueAsync(async () => await world.MetricAsync("ingress_connections_active", "port=\"https\"") == 0, "the first has closed");
        using var next = world.Client(new(version), "a.test");
        Assert.Equal(200, await next.StatusAsync());
    }

    [Fact]
    public async Task Requests_beyond_those_that_a_connection_may_have_at_a_time_wait()
    {
        await using var world = await StartAsync("--max-streams", "3");
        var mayGoOn = new TaskCompletionSource();
        world.Backend.Answer = context => context.Request.Path == "/beside" ? Task.CompletedTask : mayGoOn.Task.InTime();
        using var client = world.Client(Http3World.Versions[^1], "a.test");
        var requests = Enumerable.Range(0, 9).Select(_ => client.StatusAsync()).ToArray();
        await Eventually.TrueAsync(() => world.Backend.Requests.Count >= 3, "as many as may be");
        using var other = world.Client(Http3World.Versions[^1], "a.test");
        for (var round = 0; round < 20; round++)
        {
            Assert.Equal(200, await other.StatusAsync("/beside")); // by then others would have come
        }

        Assert.Equal(3, world.Backend.Requests.Count(request => request.Target == "/"));
        mayGoOn.SetResult();
        Assert.All(await Task.WhenAll(requests), status => Assert.Equal(200, status));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_stop_lets_requests_finish_and_then_closes(string version)
    {
        await using var world = await StartAsync();
        var (came, mayGoOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        world.Backend.Answer = async context =>
        {
            came.SetResult();
            await mayGoOn.Task.InTime();
            await context.Response.WriteAsync("ok");
        };
        using var client = world.Client(new(version), "a.test");
        var answer = client.StatusAsync();
        await came.Task.InTime();

        await world.Controller.Program.SignalAsync("TERM");
        await world.Controller.Program.SaysAsync("SIGTERM: not ready from now on");
        mayGoOn.SetResult();

        Assert.Equal(200, await answer);
        Assert.Equal(0, await world.Controller.Program.ExitCodeAsync());
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Headers_may_be_as_big_as_the_flag_says(string version)
    {
        await using var world = await StartAsync("--max-header-bytes", "65536");
        using var client = world.Client(new(version), "a.test");
        client.DefaultRequestHeaders.Add("Cookie", new string('c', 40_000));
        Assert.Equal(200, await client.StatusAsync());
    }

    private static Task<TlsWorld> StartAsync(params string[] flags) =>
        Http3World.StartAsync(world => world.Write("a", TlsWorld.Ingress("a", "a.test", "{ hosts: [a.test] }")), flags);
}
