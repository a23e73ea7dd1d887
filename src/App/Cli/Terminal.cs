using System.Collections;

namespace IngressController.App.Cli;

/// <summary>What a command may touch of the process that it runs in.</summary>
/// <param name="OutputStream">Where <paramref name="Output"/> goes, for the access log; null where the process has no output.</param>
/// <param name="Environment">Environment variables by name; names compare without case, as configuration keys do.</param>
internal sealed record Terminal(TextWriter Output, TextWriter Error, Stream? OutputStream, IReadOnlyDictionary<string, string> Environment)
{
    /// <summary>How big the screen is that <see cref="Output"/> appears on; null where it goes elsewhere.</summary>
    public Func<(int Width, int Height)>? Screen { get; init; }

    public static Terminal OfProcess()
    {
        var variables = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (DictionaryEntry variable in System.Environment.GetEnvironmentVariables())
        {
            variables[(string)variable.Key] = (string?)variable.Value ?? "";
        }

        return new(Console.Out, Console.Error, StandardOutput.Open(), variables)
        {
            Screen = Console.IsOutputRedirected ? null : static () => (Console.WindowWidth, Console.WindowHeight),
        };
    }

    /// <summary>What others wrote, in lines as they wrote it, and without commands for the terminal.</summary>
    public static string Visible(string text) => string.Concat(text.Select(letter => char.IsControl(letter) && letter != '\n' ? '?' : letter));

    /// <summary>The same in a place for one line.</summary>
    public static string VisibleLine(string text) => Visible(text).Replace('\n', '?');

    /// <summary>One line that scripts and people can tell from the program's other output.</summary>
    public void Complain(string message) => Error.WriteLine($"ingress-controller: {message}");
}

internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>The command did its work, and the answer is bad news.</summary>
    public const int Failure = 1;

    /// <summary>The command was not understood, or cannot do what it was asked for.</summary>
    public const int Usage = 2;
}
