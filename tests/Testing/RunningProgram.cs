using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace IngressController.Testing;

/// <summary>A program that runs, and all that it says.</summary>
public sealed class RunningProgram : IAsyncDisposable
{
    private readonly Process process;
    private readonly StringBuilder output = new();
    private readonly StringBuilder errors = new();
    private bool isDisposed;

    private RunningProgram(Process process) => this.process = process;

    /// <summary>What it has written to stdout so far.</summary>
    public string Output => TextOf(output);

    /// <summary>What it has written to stderr so far.</summary>
    public string Errors => TextOf(errors);

    public bool HasExited => process.HasExited;

    public int Id => process.Id;

    public static RunningProgram Start(
        string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string? directory = null)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = directory ?? "",
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        var process = new Process { StartInfo = start };
        var program = new RunningProgram(process);
        process.OutputDataReceived += (_, line) => Append(program.output, line.Data);
        process.ErrorDataReceived += (_, line) => Append(program.errors, line.Data);
        process.Start();
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return program;
    }

    /// <summary>Runs a program to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(
        string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string? directory = null)
    {
        await using var program = Start(file, arguments, environment, directory);
        return (await program.ExitCodeAsync(), program.Output, program.Errors);
    }

    /// <summary>The first match in what it writes to either stream, waiting for it.</summary>
    public async Task<Match> SaysAsync(string pattern)
    {
        Match Find() => Regex.Match(Output, pattern) is { Success: true } match ? match : Regex.Match(Errors, pattern);
        try
        {
            await Eventually.TrueAsync(() => Find().Success || process.HasExited, pattern);
            await (process.HasExited ? process.WaitForExitAsync() : Task.CompletedTask); // then all its output has come
        }
        catch (TimeoutException timeout)
        {
            throw new TimeoutException($"{timeout.Message}\nstdout:\n{Output}\nstderr:\n{Errors}", timeout);
        }

        return Find() is { Success: true } found
            ? found
            : throw new InvalidOperationException($"The program ended without \"{pattern}\".\nstdout:\n{Output}\nstderr:\n{Errors}");
    }

    /// <param name="deadline">Null: what does for all but a build.</param>
    public async Task<int> ExitCodeAsync(TimeSpan? deadline = null)
    {
        var exit = process.WaitForExitAsync();
        await (deadline is { } longest ? exit.WaitAsync(longest, TimeProvider.System) : exit.InTime());
        return process.ExitCode;
    }

    /// <param name="signal">TERM or INT</param>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync().InTime();
    }

    public async ValueTask DisposeAsync()
    {
        if (isDisposed)
        {
            return;
        }

        isDisposed = true;
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true); // a child that is left has the streams, and they would never end
            await process.WaitForExitAsync();
        }

        process.Dispose();
    }

    private static void Append(StringBuilder text, string? line)
    {
        lock (text)
        {
            _ = line is null ? text : text.Append(line).Append('\n');
        }
    }

    private static string TextOf(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString();
        }
    }
}
