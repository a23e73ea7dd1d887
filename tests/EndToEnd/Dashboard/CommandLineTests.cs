using IngressController.Testing;

namespace IngressController.EndToEnd.Dashboard;

/// <summary>The commands that ask a running controller.</summary>
public sealed class CommandLineTests
{
    private const string Token = "correct-horse-battery-staple";

    [Theory]
    [InlineData("http://shop.test/cart?x=1")]
    [InlineData("https://shop.test/")]
    [InlineData("http://gone.test/old/")]
    [InlineData("http://nobody.test/%2e%2e/")]
    [InlineData("http://refused.test/")]
    [InlineData("http://theirs.test/")]
    [InlineData("https://missing.test/")]
    [InlineData("http://other.test/", "--header", "Host: blog.test", "--method", "POST")]
    public async Task Explain_prints_what_it_prints_about_the_manifests(string url, params string[] more)
    {
        await using var world = await DashboardWorld.StartAsync(Unserved);
        var running = await ControllerProcess.RunAsync(["explain", url, "--admin", world.Admin.Authority, .. more]);
        var read = await ControllerProcess.RunAsync(["explain", url, "--manifests", world.Manifests, "--ssl-redirect", "false", .. more]);
        Assert.Equal((0, ""), (running.ExitCode, running.Errors));
        Assert.Equal(read.Output, running.Output);
    }

    [Fact]
    public async Task Check_prints_what_it_prints_about_the_manifests()
    {
        await using var world = await DashboardWorld.StartAsync();
        var running = await ControllerProcess.RunAsync("check", "--admin", world.Admin.Authority);
        var read = await ControllerProcess.RunAsync("check", world.Manifests);
        Assert.Equal((read.ExitCode, ""), (running.ExitCode, running.Errors));
        Assert.Equal(1, running.ExitCode);
        var lines = running.Output.TrimEnd().Split('\n');
        Assert.Contains(lines, line => line.Contains("error ServiceNotFound: Ingress default/", StringComparison.Ordinal));
        Assert.Matches(@"^problems: \d+ errors?", lines[^1]);
        Assert.Equal(read.Output.Split('\n').Length, running.Output.Split('\n').Length);
        await ErrorOfUseAsync("DIR and --admin exclude each other", "check", world.Manifests, "--admin", world.Admin.Authority);
        await ErrorOfUseAsync("--kubeconfig is about other objects than those of a running controller; give it or --admin", "check", "--kubeconfig", "x", "--admin", world.Admin.Authority);
    }

    [Fact]
    public async Task What_cannot_be_asked_is_said_in_one_line()
    {
        using var directory = new TemporaryDirectory();
        directory.Write("token", Token);
        await using var world = await DashboardWorld.StartAsync(null, "0.0.0.0", "--admin-token-file", directory.File("token"));
        directory.Write("wrong", "a-token-that-is-not-the-right-one");
        var outside = world.Outside.Authority;
        await ErrorAsync($"http://{outside} wants a token; give --admin-token-file FILE", "explain", "http://a/", "--admin", outside);
        await ErrorAsync($"http://{outside} does not take the token in {directory.File("wrong")}", "top", "--once", "--admin", outside, "--admin-token-file", directory.File("wrong"));
        await ErrorAsync($"http://127.0.0.1:{world.Controller.Http.Port} answers, but not as the admin port of an ingress-controller does", "top", "--once", "--admin", $"127.0.0.1:{world.Controller.Http.Port}");
        await ErrorAsync(
            "http://127.0.0.1:1 refuses connections; does the controller run, and is this its admin port? In a cluster: kubectl port-forward deploy/ingress-controller 9090",
            "explain", "http://a/", "--admin", "127.0.0.1:1");
        var (exitCode, output, errors) = await ControllerProcess.RunAsync("explain", "http://shop.test/", "--admin", outside, "--admin-token-file", directory.File("token"));
        Assert.Equal((0, ""), (exitCode, errors));
        Assert.Contains("forwarded by Ingress default/shop", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("host", "shop.test")]
    [InlineData("ingress", "default/shop")]
    [InlineData("service", "default/web:80")]
    public async Task Top_once_is_a_table(string by, string name)
    {
        await using var world = await DashboardWorld.StartAsync();
        var (_, empty, _) = await ControllerProcess.RunAsync("top", "--admin", world.Admin.Authority, "--once", "--by", by);
        Assert.Equal("no request yet", empty.TrimEnd().Split('\n')[^1]);
        await world.Controller.AnswerAsync("shop.test", "/");
        await Eventually.TrueAsync(async () => (await ApiTests.NamesAsync(world, "/api/top", "name")).Length == 1, "the request is counted");
        var (exitCode, output, errors) = await ControllerProcess.RunAsync("top", "--admin", world.Admin.ToString(), "--once", "--by", by);
        Assert.Equal((0, ""), (exitCode, errors));
        var lines = output.TrimEnd().Split('\n');
        Assert.Matches($"^{by} +rps  4xx/s  5xx/s +p50 ms +p99 ms  active$", lines[3]);
        Assert.Matches($@"^{name} +\d+\.\d +0\.0 +0\.0 +[\d.]+ +[\d.]+ +0$", lines[4]);
    }

    [Fact]
    public async Task Top_goes_on_as_text_where_the_output_is_no_terminal()
    {
        await using var world = await DashboardWorld.StartAsync();
        await using var top = RunningProgram.Start(ControllerProcess.File, ["top", "--admin", world.Admin.Authority, "--interval", "500ms"]);
        await top.SaysAsync(@"(?s)(no request yet.*){2}");
        Assert.DoesNotContain('\x1b', top.Output);
        await world.Controller.DisposeAsync();
        Assert.Equal(1, await top.ExitCodeAsync());
        Assert.Single(top.Errors.TrimEnd().Split('\n'));
    }

    /// <summary><c>script</c> gives it a terminal.</summary>
    [Fact]
    public async Task Top_draws_over_itself_on_a_terminal()
    {
        await using var world = await DashboardWorld.StartAsync();
        await using var top = RunningProgram.Start("script", ["-qefc", $"stty cols 100 rows 12; exec {ControllerProcess.File} top --admin {world.Admin.Authority} --interval 500ms", "/dev/null"]);
        await top.SaysAsync("\x1b\\[H\x1b\\[J.*ingress-controller");
        await world.Controller.AnswerAsync("shop.test", "/");
        await top.SaysAsync("\x1b\\[Hingress-controller");
        await top.SaysAsync(@"shop\.test +\d");
    }

    /// <summary>One that the API server would refuse, one of a class that is not ours, and one without its certificate.</summary>
    internal static void Unserved(DashboardWorld world)
    {
        world.Write("refused", DashboardWorld.Ingress("refused", "refused.test", "/", "web", "[]").Replace("pathType: Prefix, ", "", StringComparison.Ordinal));
        world.Write("theirs", DashboardWorld.Ingress("theirs", "theirs.test", "/", "web", "[]").Replace("Name: yarp", "Name: nginx", StringComparison.Ordinal));
        world.Write("missing", DashboardWorld.Ingress("missing", "missing.test", "/", "web", "[{ hosts: [missing.test], secretName: nowhere }]"));
    }

    private static async Task ErrorOfUseAsync(string expected, params string[] arguments)
    {
        var (exitCode, output, errors) = await ControllerProcess.RunAsync(arguments);
        Assert.Equal((2, "", $"ingress-controller: {expected}\n"), (exitCode, output, errors));
    }

    private static async Task ErrorAsync(string expected, params string[] arguments)
    {
        var (exitCode, output, errors) = await ControllerProcess.RunAsync(arguments);
        Assert.Equal((1, "", $"ingress-controller: {expected}\n"), (exitCode, output, errors));
    }
}
