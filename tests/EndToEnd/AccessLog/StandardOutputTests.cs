using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using IngressController.Echo;
using IngressController.EndToEnd.App;
using IngressController.Testing;

namespace IngressController.EndToEnd.AccessLog;

/// <summary>The program with standard outputs that nobody wishes for.</summary>
public sealed class StandardOutputTests : IAsyncLifetime, IDisposable
{
    private readonly TemporaryDirectory manifests = new();
    private EchoServer web = null!;

    public async Task InitializeAsync()
    {
        web = await EchoServer.StartAsync("web", 0, CancellationToken.None);
        manifests.Write("all.yaml", string.Join("\n---\n", World.Class, World.Service("web", web.Port), World.Ingress("shop", "shop.test", "/", "web")));
    }

    public async Task DisposeAsync() => await web.DisposeAsync();

    public void Dispose() => manifests.Dispose();

    [Fact]
    public async Task A_reader_that_reads_no_more_holds_up_neither_requests_nor_the_programs_own_log_nor_the_stop()
    {
        using var elsewhere = new TemporaryDirectory();
        var pipe = elsewhere.File("pipe");
        await using var controller = await StartAsync($"mkfifo '{pipe}' && exec \"$@\" 1<> '{pipe}'", "--access-log", "json", "--shutdown-grace-period", "5s");
        await Parallel.ForAsync(0, 800, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (request, cancellationToken) =>
        {
            using var message = new HttpRequestMessage(HttpMethod.Get, "/" + new string('p', 3000)) { Headers = { Host = "shop.test" } };
            message.Headers.TryAddWithoutValidation("User-Agent", new string('"', 9000)); // 16 KB of a line, of which 8 MiB may wait
            using var answer = await controller.Client.SendAsync(message, cancellationToken);
            Assert.Equal(200, (int)answer.StatusCode);
        });
        await controller.Program.SaysAsync("access log lines were dropped");
        manifests.Write("more.yaml", World.Ingress("more", "more.test", "/", "gone"));
        await controller.Program.SaysAsync("Problem: .*gone");

        var began = TimeProvider.System.GetTimestamp();
        await controller.Program.SignalAsync("TERM");
        Assert.Equal(0, await controller.Program.ExitCodeAsync());
        Assert.InRange(TimeProvider.System.GetElapsedTime(began).TotalSeconds, 0, 25); // it has 3 s; everything else takes as long as the machine is slow
        Assert.Contains("SIGTERM: not ready from now on", controller.Program.Errors, StringComparison.Ordinal);
        Assert.Matches(@"\d{6,} bytes of the access log are lost", controller.Program.Errors);
    }

    [Theory]
    [InlineData("console", 1)]
    [InlineData("off", 0)]
    public async Task Without_standard_output_there_is_no_access_log_which_is_said_once(string format, int told)
    {
        await using var controller = await StartAsync("exec \"$@\" >&-", "--access-log", format);
        for (var request = 0; request < 20; request++)
        {
            Assert.StartsWith("200 ", await controller.AnswerAsync("shop.test", "/seen"), StringComparison.Ordinal);
        }

        await controller.Program.SignalAsync("TERM");
        Assert.Equal(0, await controller.Program.ExitCodeAsync());
        Assert.Contains("SIGTERM: not ready from now on", controller.Program.Errors, StringComparison.Ordinal); // it ended because of this, and not by itself
        Assert.Equal(told, Regex.Count(controller.Program.Errors, "Standard output is closed, so there is no access log"));
    }

    [Theory]
    [InlineData("exec \"$@\" > >(head -n 1)", "Broken pipe")]
    [InlineData("exec \"$@\" > /dev/full", "No space left on device")]
    public async Task An_output_that_fails_costs_lines_and_no_request_and_is_told_once(string shell, string why)
    {
        await using var controller = await StartAsync(shell);
        await Eventually.TrueAsync(
            async () =>
            {
                Assert.StartsWith("200 ", await controller.AnswerAsync("shop.test", "/seen"), StringComparison.Ordinal);
                return controller.Program.Errors.Contains("The access log cannot be written", StringComparison.Ordinal);
            },
            "the word about the output");
        for (var request = 0; request < 20; request++)
        {
            Assert.StartsWith("200 ", await controller.AnswerAsync("shop.test", "/seen"), StringComparison.Ordinal);
        }

        await controller.Program.SignalAsync("TERM");
        Assert.Equal(0, await controller.Program.ExitCodeAsync());
        Assert.Equal(1, Regex.Count(controller.Program.Errors, $@"The access log cannot be written \({why}\); its lines are lost until it can"));
    }

    [Fact]
    public async Task A_file_that_takes_both_logs_has_all_lines_of_both()
    {
        using var elsewhere = new TemporaryDirectory();
        var file = elsewhere.File("log");
        await using var program = Start($"exec \"$@\" > '{file}' 2>&1", "--log-format", "json");
        await Eventually.TrueAsync(() => File.Exists(file) && File.ReadAllText(file).Contains("is ready", StringComparison.Ordinal), "ready");
        using var client = new HttpClient { BaseAddress = new(Regex.Match(await File.ReadAllTextAsync(file), @"Listening: http (http://[^\s,]+),").Groups[1].Value) };
        for (var request = 0; request < 20; request++)
        {
            using var answer = await client.GetAsync(new Uri("/seen", UriKind.Relative));
            var name = request.ToString(CultureInfo.InvariantCulture);
            manifests.Write($"{name}.yaml", World.Ingress($"more-{name}", $"{name}.test", "/", "gone"));
            await Eventually.TrueAsync(() => File.ReadAllText(file).Contains($"more-{name}", StringComparison.Ordinal), "the program's own line");
        }

        await program.SignalAsync("TERM");
        Assert.Equal(0, await program.ExitCodeAsync());
        var lines = await File.ReadAllLinesAsync(file);
        Assert.All(lines, line => JsonDocument.Parse(line).Dispose());
        Assert.Equal(20, lines.Count(line => line.Contains("\"path\":\"/seen\"", StringComparison.Ordinal)));
        Assert.Contains("SIGTERM: not ready", lines[^1], StringComparison.Ordinal);
    }

    private RunningProgram Start(string shell, params string[] flags) => ControllerProcess.StartInShell(shell, manifests.Path, flags);

    private Task<ControllerProcess> StartAsync(string shell, params string[] flags) => ControllerProcess.OfAsync(Start(shell, flags));
}
