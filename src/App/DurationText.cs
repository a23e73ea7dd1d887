using System.Globalization;

namespace IngressController.App;

internal static class DurationText
{
    /// <summary><c>1m30s</c>, <c>500ms</c>, <c>0s</c>: as flags take it.</summary>
    public static string Of(TimeSpan duration)
    {
        var parts = new (long Count, string Unit)[]
        {
            ((long)duration.TotalHours, "h"),
            (duration.Minutes, "m"),
            (duration.Seconds, "s"),
            (duration.Milliseconds, "ms"),
        };
        var text = string.Concat(parts.Where(part => part.Count > 0).Select(part => string.Create(CultureInfo.InvariantCulture, $"{part.Count}{part.Unit}")));
        return text.Length == 0 ? "0s" : text;
    }
}
