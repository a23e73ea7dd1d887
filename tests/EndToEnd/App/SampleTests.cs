using System.Text.RegularExpressions;
using IngressController.Testing;

namespace IngressController.EndToEnd.App;

/// <summary>Every command in a <c>```console</c> block of a README is run, and its output is the documented one.</summary>
public sealed class SampleTests
{
    /// <summary>So that somebody's quickstart, which has the same ports on 127.0.0.1, is not in the way.</summary>
    private const string BackendAddress = "127.0.0.2";

    /// <summary>So that documents can write <c>ingress-controller</c>.</summary>
    private static readonly Dictionary<string, string> OnPath = new()
    {
        ["BASH_FUNC_ingress-controller%%"] = $"() {{ {ControllerProcess.File} \"$@\"; }}",
    };

    private static readonly string Quickstart = Repository.Program("samples/quickstart", "quickstart");

    /// <summary>The README of the project and the page about the admin port, which run on the quickstart, and those of the samples that have manifests of their own.</summary>
    public static TheoryData<string> Documents =>
    [
        "README.md",
        "docs/admin-api.md",
        .. Directory.GetFiles(Repository.Path("samples"), "README.md", SearchOption.AllDirectories)
            .Where(file => Directory.Exists(Path.Combine(Path.GetDirectoryName(file)!, "manifests")))
            .Select(file => Path.GetRelativePath(Repository.Root, file)).Order(),
    ];

    [Theory]
    [MemberData(nameof(Documents))]
    public async Task Documented_commands_print_what_is_documented(string document)
    {
        // One after the other: the backends have fixed ports.
        var sample = document.StartsWith("samples/", StringComparison.Ordinal) ? Path.GetDirectoryName(document)! : "samples/quickstart";
        using var copy = new TemporaryDirectory();
        foreach (var file in Directory.GetFiles(Repository.Path($"{sample}/manifests")))
        {
            copy.Write($"manifests/{Path.GetFileName(file)}", File.ReadAllText(file).Replace("127.0.0.1", BackendAddress, StringComparison.Ordinal));
        }

        await using var program = RunningProgram.Start(
            Quickstart, [copy.Path, "--bind-address", "127.0.0.1", "--http-port", "0", "--https-port", "0", "--admin-port", "0", "--backend-address", BackendAddress], directory: "/");
        await using var controller = await ControllerProcess.OfAsync(program);
        var examples = ConsoleExample.Of(File.ReadAllText(Repository.Path(document))).ToList();
        Assert.NotEmpty(examples);
        foreach (var example in examples)
        {
            var result = await RunningProgram.RunAsync("bash", ["-c", ToPorts(example.Command, controller)], OnPath, Repository.Root);
            Assert.Equal(ToPorts(example.Output, controller), result.Output);
        }

        await program.SignalAsync("INT");
        Assert.Equal(0, await program.ExitCodeAsync());
    }

    [Fact]
    public async Task A_taken_port_is_one_friendly_line()
    {
        await using var first = RunningProgram.Start(Quickstart, ["--http-port", "0", "--https-port", "0", "--admin-port", "0", "--backend-address", BackendAddress]);
        await ControllerProcess.OfAsync(first);
        var (exitCode, _, errors) = await RunningProgram.RunAsync(Quickstart, ["--backend-address", BackendAddress]);
        Assert.Equal(2, exitCode);
        Assert.Equal("quickstart: port 21081, which the backend shop-1 listens on, is in use; does another quickstart run?\n", errors);
    }

    [Fact]
    public async Task The_quickstart_prints_what_to_try_from_any_directory()
    {
        await using var program = RunningProgram.Start(Quickstart, ["--http-port", "0", "--https-port", "0", "--admin-port", "0", "--backend-address", BackendAddress], directory: "/");
        await ControllerProcess.OfAsync(program);
        Assert.Contains("  curl -s http://shop.localhost:8080/cart\n", program.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("http://localhost:9090/\n", program.Errors, StringComparison.Ordinal); // another port was asked for; the summary names it
        await program.SaysAsync(@"admin +http://\S+ \(dashboard, ");
    }

    /// <summary>Whatever else has the ports: what to try is said before.</summary>
    [Fact]
    public async Task The_quickstart_names_the_dashboard()
    {
        await using var program = RunningProgram.Start(Quickstart, ["--http-port", "0", "--https-port", "0", "--backend-address", BackendAddress]);
        await program.SaysAsync("in a browser:\n  http://localhost:9090/\n");
    }

    private static string ToPorts(string text, ControllerProcess controller) => Regex.Replace(text, @":(8080|8443|9090)\b", port => port.Value switch
    {
        ":8080" => $":{controller.Http.Port}",
        ":8443" => $":{controller.Https.Port}",
        _ => $":{controller.Admin.BaseAddress!.Port}",
    });
}
