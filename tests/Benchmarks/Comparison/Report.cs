using System.Globalization;
using System.Text;

namespace IngressController.Benchmarks.Comparison;

/// <summary>Tables in Markdown: the median of the rounds, beside the first contender in the same round; the spread is from the smallest to the biggest.</summary>
internal static class Report
{
    /// <param name="samples">Of each contender, in the order of the rounds.</param>
    public static string Ratios(Workload workload, IReadOnlyList<(string Name, List<Sample> Samples)> samples)
    {
        var text = new StringBuilder($"\n### {workload.Name}\n\n| | CPU for a request | ratio to the first | requests a second | p50 | p99 | memory |\n|---|---|---|---|---|---|---|\n");
        var reference = samples[0].Samples;
        foreach (var (name, own) in samples)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {name} | {Median(own, sample => sample.Cpu):0.0} µs | {Ratio(own, reference, sample => sample.Cpu)} ")
                .Append(CultureInfo.InvariantCulture, $"| {Ratio(own, reference, sample => sample.Throughput)} | {Ratio(own, reference, sample => sample.P50)} ")
                .Append(CultureInfo.InvariantCulture, $"| {Ratio(own, reference, sample => sample.P99)} | {Median(own, sample => sample.Megabytes):0} MB |\n");
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

    private static double Median(List<Sample> samples, Func<Sample, double> figure) => samples.Select(figure).Order().ElementAt(samples.Count / 2);
}
