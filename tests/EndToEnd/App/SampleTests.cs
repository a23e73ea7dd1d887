using System.Text.RegularExpressions;
using IngressController.Testing;

namespace IngressController.EndToEnd.App;

/// <summary>Every command in a README of the samples is run, and its output is the documented one.</summary>
public sealed class SampleTests
{
    private static readonly string Quickstart = Repository.Program("samples/quickstart", "quickstart");

    /// <summary>The folders with a README.md.</summary>
    public static TheoryData<string> Samples =>
        [.. Directory.GetFiles(Repository.Path("samples"), "README.md", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Repository.Root, Path.GetDirectoryName(file)!)).Order()];

    [Theory]
    [MemberData(nameof(Samples))]
    public async Task Documented_commands_print_what_is_documented(string sample)
    {
        // One after the other: the backends have fixed ports.
        await using var program = RunningProgram.Start(Quickstart, [Repository.Path(sample), "--bind-address", "127.0.0.1", "--http-port", "0", "--admin-port", "0"], directory: "/");
        await using var controller = await ControllerProcess.OfAsync(program);
        var examples = ConsoleExample.Of(File.ReadAllText(Repository.Path($"{sample}/README.md"))).ToList();
        Assert.NotEmpty(examples);
        foreach (var example in examples)
        {
            var (http, admin) = (controller.Http.Port, controller.Admin.BaseAddress!.Port);
            var result = await RunningProgram.RunAsync("bash", ["-c", ToPorts(example.Command, http, admin)]);
            Assert.Equal(ToPorts(example.Output, http, admin), result.Output);
        }

        await program.SignalAsync("INT");
        Assert.Equal(0, await program.ExitCodeAsync());
    }

    [Fact]
    public async Task A_taken_port_is_one_friendly_line()
    {
        await using var first = RunningProgram.Start(Quickstart, ["--http-port", "0", "--admin-port", "0"]);
        await ControllerProcess.OfAsync(first);
        var (exitCode, _, errors) = await RunningProgram.RunAsync(Quickstart, []);
        Assert.Equal(2, exitCode);
        Assert.Equal("quickstart: port 21081, which the backend shop-1 listens on, is in use; does another quickstart run?\n", errors);
    }

    [Fact]
    public async Task The_quickstart_prints_what_to_try_from_any_directory()
    {
        await using var program = RunningProgram.Start(Quickstart, ["--http-port", "0", "--admin-port", "0"], directory: "/");
        await ControllerProcess.OfAsync(program);
        Assert.Contains("  curl -s http://shop.localhost:8080/cart\n", program.Errors, StringComparison.Ordinal);
    }

    private static string ToPorts(string text, int http, int admin) => Regex.Replace(Regex.Replace(text, ":8080\\b", $":{http}"), ":9090\\b", $":{admin}");
}
