using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace IngressController.App.Logging;

/// <summary>
/// One entry a line: time, level, message. Further lines of a message or an exception are indented, so that no text from outside can pass for an entry of its own.
/// </summary>
internal sealed class PlainFormatter(TimeProvider time) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "plain";

    private const string OwnCategories = nameof(IngressController) + ".";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        textWriter.Write(time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture));
        textWriter.Write(Level(logEntry.LogLevel));
        if (!logEntry.Category.StartsWith(OwnCategories, StringComparison.Ordinal))
        {
            textWriter.Write($"{logEntry.Category}: ");
        }

        WriteIndented(logEntry.Formatter(logEntry.State, logEntry.Exception), textWriter);
        if (logEntry.Exception is { } exception)
        {
            textWriter.Write("\n    ");
            WriteIndented(exception.ToString(), textWriter);
        }

        textWriter.Write('\n');
    }

    private static void WriteIndented(string text, TextWriter to)
    {
        foreach (var letter in text)
        {
            if (letter == '\n')
            {
                to.Write("\n    ");
            }
            else if (!char.IsControl(letter))
            {
                to.Write(letter);
            }
        }
    }

    private static string Level(LogLevel level) => level switch
    {
        LogLevel.Critical or LogLevel.Error => " error ",
        LogLevel.Warning => " warn  ",
        LogLevel.Information => " info  ",
        _ => " debug ",
    };
}
