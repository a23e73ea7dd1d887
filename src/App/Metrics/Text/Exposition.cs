using System.Buffers;
using System.Globalization;
using System.Text;
using IngressController.App.Metrics.Accumulation;

namespace IngressController.App.Metrics.Text;

/// <summary>Writes families, whole and each once, as both formats want it.</summary>
internal sealed class Exposition(IBufferWriter<byte> output, TextFormat format)
{
    private readonly Lines lines = new(output);
    private readonly bool isOpenMetrics = format == TextFormat.OpenMetrics;

    public void Write(Family family)
    {
        if (family.All.Count == 0)
        {
            return;
        }

        var sample = family is { Kind: FamilyKind.Counter, IsNamedByUs: true } ? $"{family.Name.Family}_total" : family.Name.Family;
        Head(isOpenMetrics ? family.Name.Family : sample, TypeOf(family), family.Name.Unit, family.Help);
        if (family.Kind == FamilyKind.Histogram)
        {
            Histograms(family);
            return;
        }

        foreach (var series in family.All)
        {
            lines.Add(sample);
            Braced(series.Labels);
            Value(series.Value);
        }
    }

    /// <summary>What is true of the whole program.</summary>
    /// <param name="labels">As <see cref="Labels.Text"/>.</param>
    public void Target(ReadOnlySpan<byte> labels)
    {
        Head(isOpenMetrics ? "target" : "target_info", isOpenMetrics ? "info" : "gauge", "", "Who is measured");
        lines.Add("target_info"u8);
        Braced(labels);
        Value(1);
    }

    public void End()
    {
        if (isOpenMetrics)
        {
            lines.Add("# EOF\n"u8);
        }
    }

    /// <summary>Counters of other programs may lack the suffix that counters have by OpenMetrics and by promtool.</summary>
    private string TypeOf(Family family) => family.Kind switch
    {
        FamilyKind.Histogram => "histogram",
        FamilyKind.Gauge => "gauge",
        _ when family.IsNamedByUs => "counter",
        _ when isOpenMetrics => "unknown",
        _ => family.Name.Family.EndsWith("_total", StringComparison.Ordinal) ? "counter" : "untyped",
    };

    private void Head(string name, string type, string unit, string help)
    {
        lines.Add($"# HELP {name} {Escaped.Help(help.Length == 0 ? name : help, format)}\n# TYPE {name} {type}\n");
        if (isOpenMetrics && unit.Length > 0)
        {
            lines.Add($"# UNIT {name} {unit}\n");
        }
    }

    private void Histograms(Family family)
    {
        byte[][] bounds = [.. family.Bounds.Select(BoundText), "+Inf"u8.ToArray()];
        foreach (var series in family.All)
        {
            if (series.Distribution is { } distribution)
            {
                Buckets(family.Name.Family, series.Labels, distribution, bounds);
                lines.Add(family.Name.Family);
                lines.Add("_sum"u8);
                Braced(series.Labels);
                Value(distribution.Sum);
                lines.Add(family.Name.Family);
                lines.Add("_count"u8);
                Braced(series.Labels);
                Value(distribution.Count);
            }
        }
    }

    private void Buckets(string name, byte[] labels, Distribution distribution, byte[][] bounds)
    {
        long below = 0;
        for (var index = 0; index < bounds.Length; index++)
        {
            below += distribution.Buckets[index];
            lines.Add(name);
            lines.Add("_bucket{"u8);
            lines.Add(labels);
            lines.Add(labels.Length > 0 ? ",le=\""u8 : "le=\""u8);
            lines.Add(bounds[index]);
            lines.Add("\"} "u8);
            lines.Add(below);
            if (isOpenMetrics && distribution.Exemplars?[index] is { } exemplar)
            {
                Trace(exemplar);
            }

            lines.Add("\n"u8);
        }
    }

    private void Trace(Exemplar exemplar)
    {
        lines.Add($" # {{trace_id=\"{exemplar.Trace}\",span_id=\"{exemplar.Span}\"}} ");
        lines.Add(exemplar.Value);
        lines.Add(string.Create(CultureInfo.InvariantCulture, $" {exemplar.Time.ToUnixTimeMilliseconds() / 1000.0:0.000}"));
    }

    /// <summary>OpenMetrics wants to see that bounds are no whole numbers, and says how they are written.</summary>
    private byte[] BoundText(double bound)
    {
        var text = bound.ToString("R", CultureInfo.InvariantCulture);
        return Encoding.ASCII.GetBytes(isOpenMetrics && !text.AsSpan().ContainsAny('.', 'E') ? $"{text}.0" : text);
    }

    private void Braced(ReadOnlySpan<byte> labels)
    {
        if (labels.Length > 0)
        {
            lines.Add("{"u8);
            lines.Add(labels);
            lines.Add("}"u8);
        }
    }

    private void Value(double value)
    {
        lines.Add(" "u8);
        lines.Add(value);
        lines.Add("\n"u8);
    }
}
