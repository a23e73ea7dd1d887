using System.Diagnostics.Metrics;
using IngressController.App.Metrics.Otlp;

namespace IngressController.App.Metrics;

internal static class MetricsServices
{
    /// <summary>Who asks is answered by <see cref="MetricsEndpoint"/>; who is told is told by <see cref="MetricPush"/>.</summary>
    public static void AddMetricsExport(this IServiceCollection services, RunOptions options)
    {
        services.AddMetrics();
        services.AddSingleton(provider => new ProcessMetrics(provider.GetRequiredService<IMeterFactory>()));
        services.AddSingleton(provider =>
        {
            _ = provider.GetRequiredService<ProcessMetrics>(); // nobody needs them but whoever listens
            if (options.Metrics.NginxNames)
            {
                _ = ActivatorUtilities.CreateInstance<NginxNames>(provider);
            }

            return new MetricPull(options.Metrics, options.Identity, provider.GetRequiredService<TimeProvider>());
        });
        services.AddSingleton<MetricsEndpoint>().AddHostedService<MetricRounds>();
        if (options.Metrics.Otlp is { TakesMetrics: true } otlp)
        {
            services.AddHostedService(provider => new MetricPush(otlp, options.Identity, provider.GetRequiredService<ILogger<MetricPush>>()));
        }
    }
}
