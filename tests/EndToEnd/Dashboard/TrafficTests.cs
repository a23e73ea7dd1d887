using System.Text.Json.Nodes;
using IngressController.Testing;

namespace IngressController.EndToEnd.Dashboard;

/// <summary>What went over the proxy is seen where one looks for it.</summary>
public sealed class TrafficTests
{
    [Fact]
    public async Task Requests_are_seen_by_host_Ingress_Service_and_destination()
    {
        await using var world = await DashboardWorld.StartAsync();
        for (var request = 0; request < 10; request++)
        {
            await world.Controller.AnswerAsync("shop.test", "/");
        }

        foreach (var (by, name) in new[] { ("host", "shop.test"), ("ingress", "default/shop"), ("service", "default/web:80") })
        {
            await Eventually.TrueAsync(async () => (await world.GetAsync($"/api/top?by={by}"))["items"]!.AsArray() is [{ } item] && (string)item["name"]! == name && Number(item, "requests") > 0, $"traffic by {by}");
        }

        var host = await world.GetAsync("/api/hosts/shop.test");
        var backend = host["routes"]![0]!["backend"]!;
        Assert.True(Number(backend, "requests") > 0);
        Assert.True(Number(backend, "p50") > 0 && Number(backend, "p50") <= Number(backend, "p99"));
        Assert.Equal(10, (long)backend["destinations"]![0]!["requestsTotal"]!);
        Assert.Equal(0, (long)backend["destinations"]![0]!["failuresTotal"]!);
        Assert.True(Number((await world.GetAsync("/api/hosts?search=shop"))["items"]![0]!, "requests") > 0);
        Assert.Equal("blog.test", (string)(await world.GetAsync("/api/hosts?search=blog"))["items"]![0]!["host"]!);
        await Eventually.TrueAsync(async () => Number((await world.GetAsync("/api/overview"))["traffic"]!, "requests") > 0, "traffic in the overview");
        Assert.Contains((await world.GetAsync("/api/overview"))["history"]!.AsArray(), point => Number(point!, "requests") > 0);
    }

    [Fact]
    public async Task A_destination_that_does_not_answer_is_failing()
    {
        await using var world = await DashboardWorld.StartAsync();
        Assert.StartsWith("502", await world.Controller.AnswerAsync("blog.test", "/"), StringComparison.Ordinal);
        await Eventually.TrueAsync(async () => (await ApiTests.NamesAsync(world, "/api/backends?state=failing", "key")) is ["default/dead:80"], "a failing backend");
        var destination = (await world.GetAsync("/api/backends?search=dead"))["items"]![0]!["destinations"]![0]!;
        Assert.Equal("ConnectFailed", (string)destination["lastFailure"]!);
        Assert.Equal((1, 1), ((long)destination["requestsTotal"]!, (long)destination["failuresTotal"]!));
        Assert.Null(destination["p50"]);
        await Eventually.TrueAsync(async () => Number((await world.GetAsync("/api/top"))["items"]![0]!, "serverErrors") > 0, "a server error of the host");
    }

    [Fact]
    public async Task Requests_under_way_are_counted_until_they_end()
    {
        await using var world = await DashboardWorld.StartAsync();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        world.Backend.Answer = _ => gate.Task;
        var underWay = world.Controller.AnswerAsync("shop.test", "/");
        await Eventually.TrueAsync(async () => await ActiveAsync() is (1, 1, 1), "a request under way");
        gate.SetResult();
        await underWay.InTime();
        await Eventually.TrueAsync(async () => await ActiveAsync() is (0, 0, 0), "no request under way");

        async Task<(int, int, int)> ActiveAsync() => (
            (int)(await world.GetAsync("/api/overview"))["traffic"]!["active"]!,
            (int?)(await world.GetAsync("/api/top"))["items"]!.AsArray().FirstOrDefault()?["active"] ?? 0,
            (int)(await world.GetAsync("/api/backends?search=web"))["items"]![0]!["destinations"]![0]!["active"]!);
    }

    [Fact]
    public async Task What_is_gone_is_forgotten_and_what_changes_is_not()
    {
        await using var world = await DashboardWorld.StartAsync();
        await world.Controller.AnswerAsync("shop.test", "/");
        await world.Controller.AnswerAsync("blog.test", "/");
        await Eventually.TrueAsync(async () => (await ApiTests.NamesAsync(world, "/api/top", "name")).Length == 2, "two hosts with traffic");
        world.Write("more", DashboardWorld.Ingress("more", "shop.test", "/more", "web", "[]"));
        world.Delete("blog");
        await Eventually.TrueAsync(async () => await ApiTests.NamesAsync(world, "/api/top", "name") is ["shop.test"], "one host with traffic");
        await Eventually.TrueAsync(async () => (await world.GetAsync("/api/hosts/shop.test"))["routes"]!.AsArray().Count == 2, "the new route");
        Assert.Equal(["shop.test"], await ApiTests.NamesAsync(world, "/api/top", "name"));
        Assert.Equal(1, (long)(await world.GetAsync("/api/backends?search=web"))["items"]![0]!["destinations"]![0]!["requestsTotal"]!);
    }

    [Fact]
    public async Task Requests_without_a_route_count_in_the_overview_only()
    {
        await using var world = await DashboardWorld.StartAsync();
        await world.Controller.AnswerAsync("nobody.test", "/");
        await Eventually.TrueAsync(async () => Number((await world.GetAsync("/api/overview"))["traffic"]!, "clientErrors") > 0, "a client error");
        Assert.Empty(await ApiTests.NamesAsync(world, "/api/top", "name"));
    }

    private static double Number(JsonNode node, string member) => (double?)node[member] ?? 0;
}
