using System.Globalization;
using IngressController.App.Tracing;
using IngressController.Proxy.Tracing;

namespace IngressController.App.Cli;

/// <summary>The flags that say which traces are recorded.</summary>
internal static class TracingFlags
{
    /// <summary>Null: none.</summary>
    public static TracingOptions? Read(FlagReader flags)
    {
        var ratio = flags.One<double?>(Flags.TraceSampling, Ratio, null);
        var asksParent = flags.One(Flags.TraceSampler, Sampler, true);
        var context = flags.One(Flags.TraceContext, Context, TraceContext.Trusted);
        if (flags.IsGiven(Flags.TraceSampling))
        {
            if (!flags.IsGiven(Flags.OtlpEndpoint))
            {
                flags.Error($"{Flags.TraceSampling.Name} records traces for a collector; give {Flags.OtlpEndpoint.Name}");
            }

            return ratio is { } given ? new(given, asksParent, context) : null;
        }

        foreach (var flag in new[] { Flags.TraceSampler, Flags.TraceContext }.Where(flags.IsGiven))
        {
            flags.Error($"{flag.Name} says nothing without {Flags.TraceSampling.Name}");
        }

        return null;
    }

    private static string? Ratio(string text, out double? value)
    {
        var isRatio = double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number <= 1;
        value = number;
        return isRatio ? null : "is not a number from 0 to 1";
    }

    private static string? Sampler(string text, out bool value)
    {
        value = text == "parent";
        return text is "parent" or "ratio" ? null : "is not parent or ratio";
    }

    private static string? Context(string text, out TraceContext value)
    {
        value = text switch { "always" => TraceContext.Always, "never" => TraceContext.Never, _ => TraceContext.Trusted };
        return text is "trusted" or "always" or "never" ? null : "is not trusted, always or never";
    }
}
