using IngressController.App.Cli;

namespace IngressController.Unit.App;

/// <summary>The command line in this process.</summary>
internal static class Shell
{
    public static Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] args) => RunAsync(new Dictionary<string, string>(), args);

    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(IReadOnlyDictionary<string, string> environment, params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var errors = new StringWriter { NewLine = "\n" };
        var exitCode = await CommandLine.InvokeAsync(args, new Terminal(output, errors, Stream.Null, environment), CancellationToken.None);
        return (exitCode, output.ToString(), errors.ToString());
    }

    /// <summary>The errors of use, one a line, without the program's name.</summary>
    public static async Task<string[]> ErrorsAsync(IReadOnlyDictionary<string, string> environment, params string[] args)
    {
        var (exitCode, output, errors) = await RunAsync(environment, args);
        Assert.Equal((2, ""), (exitCode, output));
        return [.. errors.TrimEnd().Split('\n').Select(line => line["ingress-controller: ".Length..])];
    }

    public static Task<string[]> ErrorsAsync(params string[] args) => ErrorsAsync(new Dictionary<string, string>(), args);
}
