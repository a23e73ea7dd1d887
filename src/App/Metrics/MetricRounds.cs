using IngressController.App.Health;

namespace IngressController.App.Metrics;

/// <summary>
/// Has added up what was measured where nobody has asked for a while. So the first scrape finds most of it done and the code warm, series that are idle are forgotten, and the SDK's places
/// suffice for what comes between two rounds, however seldom somebody scrapes.
/// </summary>
internal sealed class MetricRounds(MetricPull pull, Readiness readiness, TimeProvider time) : BackgroundService
{
    /// <summary>As often as most scrapers come, who then leave nothing to do here.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    /// <summary>The first round comes as soon as the program is ready, not before: nobody is to wait for that.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(Look, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (readiness.Obstacle is null)
            {
                pull.AddUp(Longest);
            }
        }
    }
}
