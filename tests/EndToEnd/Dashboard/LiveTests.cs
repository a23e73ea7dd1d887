using System.Net.Sockets;
using System.Text;
using IngressController.EndToEnd.Streams;
using IngressController.Testing;

namespace IngressController.EndToEnd.Dashboard;

/// <summary>What is told as it happens.</summary>
public sealed class LiveTests
{
    private const int MostWatchers = 32;

    [Fact]
    public async Task Requests_are_told_as_they_end_without_their_queries()
    {
        await using var world = await DashboardWorld.StartAsync();
        using var tail = await SseReader.OpenAsync(world, "/api/tail");
        await world.Controller.AnswerAsync("shop.test", "/cart?password=hunter2");
        var told = await tail.NextAsync("request");
        Assert.Equal("/cart", (string)told["path"]!);
        Assert.Equal("shop.test", (string)told["host"]!);
        Assert.Equal(200, (int)told["status"]!);
        Assert.Equal("default/shop", (string)told["ingress"]!);
        Assert.DoesNotContain("hunter2", told.ToJsonString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("host=shop.test")]
    [InlineData("host=*.test&status=200")]
    [InlineData("status=2xx")]
    [InlineData("path=/right&method=get")]
    [InlineData("ingress=default/shop")]
    public async Task Filters_leave_out_the_rest(string filter)
    {
        await using var world = await DashboardWorld.StartAsync();
        using var tail = await SseReader.OpenAsync(world, $"/api/tail?{filter}");
        await world.Controller.AnswerAsync("nobody.test", "/wrong");
        await world.Controller.AnswerAsync("blog.test", "/wrong");
        await world.Controller.AnswerAsync("shop.test", "/right");
        Assert.Equal("/right", (string)(await tail.NextAsync("request"))["path"]!);
    }

    [Fact]
    public async Task Sessions_of_TCP_services_are_told_too()
    {
        var port = StreamWorld.FreePort();
        await using var world = await DashboardWorld.StartAsync(
            world => world.Write("tcp", $"apiVersion: v1\nkind: ConfigMap\nmetadata: {{ name: tcp }}\ndata: {{ \"{port}\": default/web:80 }}"), flags: ["--tcp-services-configmap", "default/tcp"]);
        using var tail = await SseReader.OpenAsync(world, "/api/tail?method=tcp&status=200");
        await (await StreamWorld.ConnectAsync(port)).DisposeAsync();
        var told = await tail.NextAsync("request");
        Assert.Equal(("TCP", $":{port}", "default/web:80", ""), ((string)told["method"]!, (string)told["host"]!, (string)told["service"]!, (string)told["ingress"]!));
    }

    [Fact]
    public async Task An_overview_comes_by_itself_and_so_does_word_of_a_change()
    {
        await using var world = await DashboardWorld.StartAsync();
        using var events = await SseReader.OpenAsync(world, "/api/events");
        for (var count = 0; count < 2; count++)
        {
            var overview = await events.NextAsync("overview");
            Assert.Equal(3, (int)overview["counts"]!["hosts"]!);
            Assert.Single(overview["history"]!.AsArray());
        }

        world.Delete("blog");
        await events.NextAsync("changed");
        await Eventually.TrueAsync(async () => (int)(await events.NextAsync("overview"))["counts"]!["hosts"]! == 2, "the overview of two hosts");
    }

    [Fact]
    public async Task There_is_an_end_of_watchers_and_one_who_goes_makes_room()
    {
        await using var world = await DashboardWorld.StartAsync();
        var watchers = new List<SseReader>();
        for (var count = 0; count < MostWatchers; count++)
        {
            watchers.Add(await SseReader.OpenAsync(world, count % 2 == 0 ? "/api/tail" : "/api/events"));
        }

        var (status, body) = await world.AnswerAsync("/api/tail");
        Assert.Equal((503, """{"error":"32 watch already, and there may be no more"}"""), (status, body));
        watchers.ForEach(watcher => watcher.Dispose());
        await Eventually.TrueAsync(
            async () =>
            {
                using var response = await world.SendAsync("/api/tail");
                return response.IsSuccessStatusCode;
            },
            "room for another");
    }

    /// <summary>Its connection takes nothing, and requests do not wait for it.</summary>
    [Fact]
    public async Task One_who_reads_nothing_holds_nothing_up()
    {
        await using var world = await DashboardWorld.StartAsync();
        using var silent = new TcpClient { ReceiveBufferSize = 1024 };
        await silent.ConnectAsync(world.Admin.Host, world.Admin.Port);
        await silent.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"GET /api/tail HTTP/1.1\r\nHost: {world.Admin.Authority}\r\n\r\n"));
        using var other = await SseReader.OpenAsync(world, "/api/tail?path=/last");
        for (var request = 0; request < 300; request++)
        {
            Assert.StartsWith("200", await world.Controller.AnswerAsync("shop.test", "/some").InTime(), StringComparison.Ordinal);
        }

        await world.Controller.AnswerAsync("shop.test", "/last");
        Assert.Equal("/last", (string)(await other.NextAsync("request"))["path"]!);
    }

    [Fact]
    public async Task Watchers_do_not_hold_up_the_end()
    {
        await using var world = await DashboardWorld.StartAsync();
        using var tail = await SseReader.OpenAsync(world, "/api/tail");
        using var events = await SseReader.OpenAsync(world, "/api/events");
        await world.Controller.Program.SignalAsync("TERM");
        while (await events.NextAsync() is not null)
        {
            // what is still told before the end
        }

        Assert.Null(await tail.NextAsync());
        Assert.Equal(0, await world.Controller.Program.ExitCodeAsync());
        Assert.DoesNotContain("fail", world.Controller.Program.Errors, StringComparison.OrdinalIgnoreCase);
    }
}
