using IngressController.App.Metrics.Accumulation;
using IngressController.App.Metrics.Text;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace IngressController.App.Metrics;

/// <summary>Everything that is measured, for those who come and ask. It measures from the moment it is made.</summary>
internal sealed class MetricPull : IDisposable
{
    private readonly Lock gate = new();
    private readonly Accumulator accumulator;
    private readonly BaseExportingMetricReader reader;
    private readonly MeterProvider provider;
    private readonly byte[] target;
    private readonly TimeProvider time;
    private long? addedUp;
    private bool isDisposed;

    public MetricPull(MetricsOptions options, TelemetryIdentity identity, TimeProvider time)
        : this(options, identity, [.. MetricViews.OwnMeters, .. MetricViews.ForeignMeters, .. options.NginxNames ? [NginxNames.MeterName] : Array.Empty<string>()], time)
    {
    }

    /// <param name="meters">The names of those that are shown.</param>
    public MetricPull(MetricsOptions options, TelemetryIdentity identity, string[] meters, TimeProvider time)
    {
        this.time = time;
        var views = new MetricViews();
        accumulator = new(options, views, time);
        reader = new(new Exporter(accumulator)) { TemporalityPreference = MetricReaderTemporalityPreference.Delta };
        target = TargetLabels(identity);
        provider = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(identity.Resource)
            .AddMeter(meters)
            .AddView(views.Of)
            .SetExemplarFilter(options.Exemplars ? ExemplarFilterType.TraceBased : ExemplarFilterType.AlwaysOff)
            .AddReader(reader)
            .Build();
    }

    /// <summary>What has been measured until now. One at a time: each is complete, and what one was told the next still knows.</summary>
    /// <returns>To be disposed; null when the program ends.</returns>
    public Pages? Read(TextFormat format)
    {
        lock (gate)
        {
            if (isDisposed)
            {
                return null;
            }

            AddUp();
            return Write(format);
        }
    }

    /// <summary>Adds up what has been measured, if that is longer ago than this or was never done.</summary>
    public void AddUp(TimeSpan longest)
    {
        lock (gate)
        {
            if (!isDisposed && (addedUp is not { } before || time.GetElapsedTime(before) >= longest))
            {
                AddUp();
            }
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            isDisposed = true;
            provider.Dispose(); // and the reader with it
        }
    }

    private void AddUp()
    {
        accumulator.Begin();
        reader.Collect();
        accumulator.End();
        addedUp = time.GetTimestamp();
    }

    private Pages Write(TextFormat format)
    {
        var pages = new Pages();
        var exposition = new Exposition(pages, format);
        foreach (var family in accumulator.Families)
        {
            exposition.Write(family);
        }

        exposition.Target(target);
        exposition.End();
        return pages;
    }

    private static byte[] TargetLabels(TelemetryIdentity identity)
    {
        var labels = new Labels();
        labels.Read([.. identity.Attributes.Select(attribute => new KeyValuePair<string, object?>(attribute.Key, attribute.Value))]);
        return labels.Text.ToArray();
    }

    private sealed class Exporter(Accumulator accumulator) : BaseExporter<Metric>
    {
        public override ExportResult Export(in Batch<Metric> batch)
        {
            foreach (var metric in batch)
            {
                accumulator.Add(metric);
            }

            return ExportResult.Success;
        }
    }
}
