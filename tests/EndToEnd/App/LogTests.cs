using System.Text.Json;
using IngressController.Echo;
using IngressController.Testing;

namespace IngressController.EndToEnd.App;

public sealed class LogTests
{
    [Theory]
    [InlineData("console")]
    [InlineData("json")]
    public async Task The_access_log_is_on_stdout_and_the_programs_own_on_stderr(string format)
    {
        await using var web = await EchoServer.StartAsync("web", 0, CancellationToken.None);
        using var manifests = new TemporaryDirectory();
        manifests.Write("all.yaml", string.Join("\n---\n", World.Class, World.Service("web", web.Port), World.Ingress("shop", "shop.test", "/", "web")));
        await using var controller = await ControllerProcess.StartAsync(manifests.Path, "--log-format", format);
        await controller.AnswerAsync("shop.test", "/seen");
        await controller.Program.SignalAsync("TERM");
        Assert.Equal(0, await controller.Program.ExitCodeAsync());

        var access = Assert.Single(controller.Program.Output.TrimEnd().Split('\n'));
        Assert.Contains("/seen", access, StringComparison.Ordinal);
        Assert.Contains("is ready", controller.Program.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("/seen", controller.Program.Errors, StringComparison.Ordinal);
        if (format == "json")
        {
            Assert.All(controller.Program.Errors.TrimEnd().Split('\n').Append(access), line => JsonDocument.Parse(line).Dispose());
        }
    }

    [Fact]
    public async Task The_access_log_is_as_its_flags_say()
    {
        await using var web = await EchoServer.StartAsync("web", 0, CancellationToken.None);
        using var manifests = new TemporaryDirectory();
        manifests.Write("all.yaml", string.Join("\n---\n", World.Class, World.Service("web", web.Port), World.Ingress("shop", "shop.test", "/", "web")));
        await using var controller = await ControllerProcess.StartAsync(
            manifests.Path, "--access-log", "$status <$request_uri>", "--access-log-skip-path", "/healthz", "--access-log-status", "2xx", "--access-log-sample", "1");
        await controller.AnswerAsync("shop.test", "/seen;jsessionid=hush?user_password=hush&page=2");
        await controller.AnswerAsync("shop.test", "/healthz");
        await controller.Program.SignalAsync("TERM");
        Assert.Equal(0, await controller.Program.ExitCodeAsync());
        Assert.Equal("200 </seen;jsessionid=***?user_password=***&page=2>", controller.Program.Output.TrimEnd());
    }

    [Fact]
    public async Task The_start_is_summed_up()
    {
        using var manifests = new TemporaryDirectory();
        manifests.Write("all.yaml", string.Join("\n---\n", World.Class, World.Service("web", 1), World.Ingress("shop", "shop.test", "/", "gone")));
        await using var controller = await ControllerProcess.StartAsync(manifests.Path);
        var summary = (await controller.Program.SaysAsync(@"(?s)is ready\n.*?problems[^\n]*\n")).Value;
        Assert.Equal(
            [
                "is ready",
                $"http      {controller.Http.GetLeftPart(UriPartial.Authority)}",
                $"https     {controller.Https.GetLeftPart(UriPartial.Authority)}",
                $"admin     {controller.Admin.BaseAddress!.GetLeftPart(UriPartial.Authority)} (dashboard, /livez, /readyz, /metrics)",
                $"source    manifests in {manifests.Path}",
                "objects   1 Ingress, 1 IngressClass, 1 Service, 1 EndpointSlice",
                "hosts     shop.test",
                "problems  1 error, 0 warnings",
            ],
            summary.TrimEnd().Split('\n').Select(line => line.Trim()));
    }
}
