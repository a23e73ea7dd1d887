using System.ComponentModel;
using System.Diagnostics;
using IngressController.Testing;

namespace IngressController.EndToEnd.Chart;

/// <summary>The <c>helm</c> on PATH. A stand-in may build itself when it is first called, so the deadline is long.</summary>
internal static class Helm
{
    public const string ChartPath = "charts/ingress-controller";

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(10);

    /// <summary>What <c>helm template</c> prints, as objects. Fails the test where helm does.</summary>
    public static async Task<Rendering> TemplateAsync(params IEnumerable<string> arguments)
    {
        var (exitCode, output, errors) = await RunAsync("helm", ["template", "edge", ChartPath, "--namespace", "ingress", .. arguments]);
        Assert.True(exitCode == 0, errors);
        return Rendering.Of(output);
    }

    /// <summary>What helm says against these values; fails the test where it renders them.</summary>
    public static async Task<string> RefusesAsync(params IEnumerable<string> arguments)
    {
        var (exitCode, output, errors) = await RunAsync("helm", ["template", "edge", ChartPath, .. arguments]);
        Assert.True(exitCode != 0, output);
        return errors;
    }

    /// <summary>Runs a program at the root of the checkout, or in another directory.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(string program, IEnumerable<string> arguments, string? directory = null)
    {
        using var process = Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = directory ?? Repository.Root,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        });
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(Deadline, TimeProvider.System);
        return (process.ExitCode, await output, await errors);
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            throw new InvalidOperationException($"{start.FileName} is not on PATH; README.md, section \"Tests\", says what the tests need.");
        }
    }
}
