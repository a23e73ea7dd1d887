using System.Globalization;
using IngressController.Proxy.AccessLog;

namespace IngressController.App.Cli;

/// <summary>The flags that say how requests are logged, and which.</summary>
internal static class AccessLogFlags
{
    /// <summary>Null where it follows the format of the program's own log.</summary>
    public static AccessLogFormat? Format(FlagReader flags) => flags.One<AccessLogFormat?>(Flags.AccessLog, Format, null);

    public static AccessLogFilter Filter(FlagReader flags) => new()
    {
        Sample = flags.One<double>(Flags.AccessLogSample, Ratio, AccessLogFilter.Everything.Sample),
        SkippedPaths = flags.Many<string>(Flags.AccessLogSkipPath, Prefix),
        Statuses = flags.Many<StatusRange>(Flags.AccessLogStatus, Status),
    };

    private static string? Format(string text, out AccessLogFormat? value)
    {
        var wrong = AccessLogFormat.Read(text, Suggestion.For, out var format);
        value = format;
        return wrong;
    }

    private static string? Ratio(string text, out double value) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value) && value is >= 0 and <= 1
            ? null
            : "is not a ratio (0 to 1, as in 0.1)";

    private static string? Prefix(string text, out string value)
    {
        value = text;
        return text.StartsWith('/') && !text.Contains('?', StringComparison.Ordinal) ? null : "is not a path (as in /healthz)";
    }

    private static string? Status(string text, out StatusRange value) => StatusRange.TryParse(text, out value) ? null : "is not a status or a class of them (404, 5xx)";
}
