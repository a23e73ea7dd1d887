using System.Diagnostics.Metrics;
using System.Text;
using IngressController.App.Metrics;
using IngressController.App.Metrics.Text;
using IngressController.Testing;

namespace IngressController.Unit.App.Metrics;

/// <summary>A meter of a test's own, and what is told about it.</summary>
internal sealed class Measured : IDisposable
{
    public Measured(MetricsOptions? options = null, string? meter = null)
    {
        Meter = new(meter ?? $"test.{Guid.NewGuid()}");
        Pull = new(options ?? new(), new("pod-1", "edge"), [Meter.Name], Clock);
    }

    public Meter Meter { get; }

    public ManualClock Clock { get; } = new();

    public MetricPull Pull { get; }

    public static KeyValuePair<string, object?> Tag(string name, object? value) => new(name, value);

    /// <summary>All lines, without those about the target.</summary>
    public async Task<string[]> LinesAsync(TextFormat format = TextFormat.Prometheus) =>
        [.. (await TextAsync(format)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.Contains("target", StringComparison.Ordinal))];

    /// <summary>The lines of samples.</summary>
    public async Task<string[]> SamplesAsync(TextFormat format = TextFormat.Prometheus) => [.. (await LinesAsync(format)).Where(line => line[0] != '#')];

    public async Task<string> TextAsync(TextFormat format)
    {
        using var pages = Pull.Read(format)!;
        using var output = new MemoryStream();
        await pages.CopyToAsync(output, CancellationToken.None);
        Assert.Equal(pages.Length, output.Length);
        return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(output.ToArray());
    }

    public void Dispose()
    {
        Pull.Dispose();
        Meter.Dispose();
    }
}
