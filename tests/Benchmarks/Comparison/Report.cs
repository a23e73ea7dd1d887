using System.Globalization;
using System.Text;

namespace IngressController.Benchmarks.Comparison;

/// <summary>Tables in Markdown: the median of the rounds, beside the first contender in the same round; the spread is from the smallest to the biggest.</summary>
internal static class Report
{
    private static readonly Func<Sample, double>[] Figures = [sample => sample.Cpu, sample => sample.Throughput, sample => sample.P50, sample => sample.P99, sample => sample.Megabytes];

    /// <summary>Each figure as in <c>56.3, 2.61 (2.02 to 3.60)</c>: the median, and its ratio to the first contender with the spread.</summary>
    /// <param name="samples">Of each contender, in the order of the rounds.</param>
    public static string Ratios(Workload workload, IReadOnlyList<(string Name, List<Sample> Samples)> samples)
    {
        var text = new StringBuilder($"\n### {workload.Name}\n\n| | CPU for a request, µs | requests a second | p50, ms | p99, ms | memory, MB |\n|---|---|---|---|---|---|\n");
        foreach (var (name, own) in samples)
        {
            var cells = Figures.Select(figure => string.Create(CultureInfo.InvariantCulture, $"{Number(Median(own, figure))}, {Ratio(own, samples[0].Samples, figure)}"));
            text.Append(CultureInfo.InvariantCulture, $"| {name} | {string.Join(" | ", cells)} |\n");
        }

        return text.ToString();
    }

    /// <summary>As <see cref="Ratios"/>, but of the CPU time only, and what it is more.</summary>
    public static string Differences(Workload workload, IReadOnlyList<(string Name, List<Sample> Samples)> samples)
    {
        var text = new StringBuilder($"\n### {workload.Name}\n\n| | CPU for a request | more than the first |\n|---|---|---|\n");
        foreach (var (name, own) in samples)
        {
            var more = own.Zip(samples[0].Samples).Select(pair => pair.First.Cpu - pair.Second.Cpu).Order().ToList();
            text.Append(CultureInfo.InvariantCulture, $"| {name} | {Median(own, sample => sample.Cpu):0.0} µs | {more[more.Count / 2]:0.0} µs ({more[0]:0.0} to {more[^1]:0.0}) |\n");
        }

        return text.ToString();
    }

    private static string Ratio(List<Sample> own, List<Sample> reference, Func<Sample, double> figure)
    {
        var ratios = own.Zip(reference).Select(pair => figure(pair.First) / figure(pair.Second)).Order().ToList();
        return string.Create(CultureInfo.InvariantCulture, $"{ratios[ratios.Count / 2]:0.00} ({ratios[0]:0.00} to {ratios[^1]:0.00})");
    }

    /// <summary>With three digits that mean something.</summary>
    private static string Number(double value) => value.ToString(value >= 100 ? "0" : value >= 10 ? "0.0" : "0.00", CultureInfo.InvariantCulture);

    private static double Median(List<Sample> samples, Func<Sample, double> figure) => samples.Select(figure).Order().ElementAt(samples.Count / 2);
}
