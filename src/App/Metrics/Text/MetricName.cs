using System.Text;

namespace IngressController.App.Metrics.Text;

/// <summary>
/// The name that Prometheus knows a metric by, from OpenTelemetry's name and unit
/// (https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/, "Metric Metadata").
/// </summary>
/// <param name="Family">Without the <c>_total</c> of a counter.</param>
/// <param name="Unit">The family ends in it; empty where there is none.</param>
internal sealed record MetricName(string Family, string Unit)
{
    private static readonly Dictionary<string, string> Units = new()
    {
        ["d"] = "days",
        ["h"] = "hours",
        ["min"] = "minutes",
        ["s"] = "seconds",
        ["ms"] = "milliseconds",
        ["us"] = "microseconds",
        ["ns"] = "nanoseconds",
        ["By"] = "bytes",
        ["KiBy"] = "kibibytes",
        ["MiBy"] = "mebibytes",
        ["GiBy"] = "gibibytes",
        ["kBy"] = "kilobytes",
        ["MBy"] = "megabytes",
        ["GBy"] = "gigabytes",
        ["V"] = "volts",
        ["A"] = "amperes",
        ["J"] = "joules",
        ["W"] = "watts",
        ["g"] = "grams",
        ["Cel"] = "celsius",
        ["Hz"] = "hertz",
        ["%"] = "percent",
    };

    private static readonly Dictionary<string, string> Rates = new() { ["s"] = "second", ["m"] = "minute", ["h"] = "hour", ["d"] = "day" };

    /// <param name="unit">As in UCUM: <c>s</c>, <c>By</c>, <c>By/s</c>, <c>1</c>, <c>{request}</c>.</param>
    public static MetricName Of(string name, string unit, bool isCounter, bool isGauge)
    {
        var family = Sanitised(name, isMetric: true);
        var suffix = UnitOf(unit, isGauge);
        if (isCounter && family.EndsWith("_total", StringComparison.Ordinal))
        {
            family = family[..^"_total".Length];
        }

        var hasUnit = suffix.Length == 0 || family == suffix || family.EndsWith($"_{suffix}", StringComparison.Ordinal);
        return new(hasUnit ? family : $"{family}_{suffix}", suffix);
    }

    /// <summary>The name of a label. Those that Prometheus gives a meaning are not taken from it.</summary>
    public static string OfLabel(string name) => Sanitised(name, isMetric: false) switch
    {
        "" or "_" => "unnamed",
        "le" or "quantile" or "job" or "instance" => $"exported_{name}",
        var label => label,
    };

    private static string UnitOf(string unit, bool isGauge)
    {
        if (unit == "1")
        {
            return isGauge ? "ratio" : "";
        }

        var parts = unit.Split('/', 2);
        var of = Word(parts[0], Units);
        return parts.Length == 1 ? of : $"{of}_per_{Word(parts[1], Rates)}".Trim('_');
    }

    /// <summary>What stands in braces is a comment.</summary>
    private static string Word(string unit, Dictionary<string, string> words) =>
        unit.StartsWith('{') ? "" : Sanitised(words.GetValueOrDefault(unit, unit), isMetric: false).Trim('_');

    /// <summary>Every run of signs that a name cannot have becomes one underscore; a digit does not come first.</summary>
    private static string Sanitised(string name, bool isMetric)
    {
        var text = new StringBuilder(name.Length);
        foreach (var sign in name)
        {
            var fits = char.IsAsciiLetterOrDigit(sign) || (isMetric && sign == ':');
            if (fits)
            {
                _ = text.Length == 0 && char.IsAsciiDigit(sign) ? text.Append('_').Append(sign) : text.Append(sign);
            }
            else if (text.Length == 0 || text[^1] != '_')
            {
                text.Append('_');
            }
        }

        return text.ToString();
    }
}
