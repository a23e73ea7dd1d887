using System.Diagnostics;
using IngressController.App.Metrics;
using IngressController.App.Metrics.Otlp;
using IngressController.Proxy.Tracing;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Trace;

namespace IngressController.App.Tracing;

/// <summary>Pushes spans to a collector, in batches beside the requests. Whether anybody is there, no request notices: spans for which there is no room are lost.</summary>
internal sealed class SpanPush(OtlpOptions otlp, TelemetryIdentity identity, ILogger<SpanPush> log) : IHostedService, IDisposable
{
    private TracerProvider? provider;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        provider = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(identity.Resource)
            .AddSource(RequestTraces.SourceName)
            .SetSampler(new AlwaysOnSampler()) // what is not to be recorded does not come to be (TracingOptions.Sampler)
            .AddProcessor(new BatchActivityExportProcessor(new Exporter(otlp, log), scheduledDelayMilliseconds: 1000))
            .Build();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>What waits is pushed first, if that does not take long.</summary>
    public void Dispose() => provider?.Dispose();

    /// <summary>The SDK's, which keeps to itself whether it could.</summary>
    private sealed class Exporter(OtlpOptions options, ILogger log) : OtlpTraceExporter(options.For("traces"))
    {
        private bool fails;

        public override ExportResult Export(in Batch<Activity> batch)
        {
            var result = base.Export(batch);
            var failed = result != ExportResult.Success;
            if (failed && !fails)
            {
                log.PushFailed("traces", options.Endpoint);
            }
            else if (!failed && fails)
            {
                log.PushRecovered("traces", options.Endpoint);
            }

            fails = failed;
            return result;
        }
    }
}
