using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;

namespace IngressController.App.Metrics.Otlp;

/// <summary>Pushes what is measured to a collector, every so often and once more at the end. Whether anybody is there, no request notices.</summary>
internal sealed class MetricPush(OtlpOptions options, TelemetryIdentity identity, ILogger<MetricPush> log) : IHostedService, IDisposable
{
    private MeterProvider? provider;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        provider = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(identity.Resource)
            .AddMeter([.. MetricViews.OwnMeters, .. MetricViews.ForeignMeters])
            .AddView(new MetricViews().Of)
            .AddReader(new PeriodicExportingMetricReader(new Exporter(options, log), (int)options.Interval.TotalMilliseconds) { TemporalityPreference = MetricReaderTemporalityPreference.Cumulative })
            .Build();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => provider?.Dispose();

    /// <summary>The SDK's, which keeps to itself whether it could.</summary>
    private sealed class Exporter(OtlpOptions options, ILogger log) : OtlpMetricExporter(options.For("metrics"))
    {
        private bool fails;

        public override ExportResult Export(in Batch<Metric> metrics)
        {
            var result = base.Export(metrics);
            var failed = result != ExportResult.Success;
            if (failed && !fails)
            {
                log.PushFailed("metrics", options.Endpoint);
            }
            else if (!failed && fails)
            {
                log.PushRecovered("metrics", options.Endpoint);
            }

            fails = failed;
            return result;
        }
    }
}
