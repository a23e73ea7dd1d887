using System.Globalization;
using System.Text;

namespace IngressController.Benchmarks.Comparison;

/// <summary>Tables in Markdown: the median of the rounds, beside the first contender in the same round; the spread is from the smallest to the biggest.</summary>
internal static class Report
{
    private static readonly Func<Sample, double>[] Figures = [sample => sample.Cpu, sample => sample.Throughput, sample => sample.P50, sample => sample.P99, sample => sample.Megabytes];

    /// <summary>Each figure as in <c>56.3, 2.61 (2.02 to 3.60)</c>: the median, and its ratio to the first contender with the spread.</summary>
    public static string Ratios(Results results)
    {
        var text = new StringBuilder($"\n### {results.Workload.Name}\n\n| | CPU for a request, µs | requests a second | p50, ms | p99, ms | memory, MB |\n|---|---|---|---|---|---|\n");
        foreach (var (contender, name) in results.Names.Index())
        {
            var cells = Figures.Select(figure => $"{Number(Results.Median(results.Of(contender).Select(figure)))}, {Ratio(results.Beside(contender, (own, first) => figure(own) / figure(first)))}");
            text.Append(CultureInfo.InvariantCulture, $"| {name} | {string.Join(" | ", cells)} |\n");
        }

        return text.ToString();
    }

    /// <summary>Of the CPU time only, and what it is more: the median of the starts, and the span that it is in with a probability of 95% or more, whatever the distribution is (the sign test); of fewer than six starts none is so sure, and it is from least to most.</summary>
    public static string Differences(Results results)
    {
        var text = new StringBuilder($"\n### {results.Workload.Name}\n\n| | CPU for a request | more than the first | least to most of {results.BesideByStart(0, Difference).Count} starts |\n|---|---|---|---|\n");
        foreach (var (contender, name) in results.Names.Index())
        {
            var more = results.BesideByStart(contender, Difference);
            var sure = LeftOut(more.Count);
            text.Append(CultureInfo.InvariantCulture, $"| {name} | {Results.Median(results.Of(contender).Select(sample => sample.Cpu)):0.0} µs | {Results.Median(more):0.0} µs ({more[sure]:0.0} to {more[^(sure + 1)]:0.0}) | {more[0]:0.0} to {more[^1]:0.0} |\n");
        }

        return text.ToString();

        static double Difference(Sample own, Sample first) => own.Cpu - first.Cpu;
    }

    /// <summary>So many at each end: the most that leave a probability of 5% at most that the median is among them (binomial, one half).</summary>
    private static int LeftOut(int count)
    {
        var (probability, outside, left) = (Math.Pow(0.5, count), 0.0, -1);
        while (2 * (outside + probability) <= 0.05)
        {
            outside += probability;
            left++;
            probability *= (count - left) / (left + 1.0);
        }

        return Math.Max(0, left);
    }

    private static string Ratio(List<double> ratios) =>
        string.Create(CultureInfo.InvariantCulture, $"{ratios[ratios.Count / 2]:0.00} ({ratios[0]:0.00} to {ratios[^1]:0.00})");

    /// <summary>With three digits that mean something.</summary>
    private static string Number(double value) => value.ToString(value >= 100 ? "0" : value >= 10 ? "0.0" : "0.00", CultureInfo.InvariantCulture);
}
