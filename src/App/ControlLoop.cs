using System.Threading.Channels;
using IngressController.App.Health;
using IngressController.App.Metrics;
using IngressController.Certificates;
using IngressController.Cluster;

namespace IngressController.App;

/// <summary>The one loop of the program: news from the source becomes what the data plane serves.</summary>
/// <param name="writer">Null in directory mode: nothing is written there.</param>
/// <param name="orders">Null where no certificates are obtained.</param>
internal sealed class ControlLoop(
    IClusterSource source,
    Rollout rollout,
    CertificateStore certificates,
    ProblemLog problems,
    Readiness readiness,
    Announcer announcer,
    Standing standing,
    IHostApplicationLifetime application,
    TimeProvider time,
    ILogger<ControlLoop> log,
    ClusterWriter? writer = null,
    ConfigurationMetrics? metrics = null,
    CertificateOrders? orders = null) : BackgroundService
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    /// <summary>After so long without news, certificates are looked at: they begin and end by themselves, and what hinders an order may be no news.</summary>
    private static readonly TimeSpan LongestQuiet = TimeSpan.FromMinutes(1);

    /// <summary>News that are not applied yet, the last about each object.</summary>
    private Dictionary<ResourceKey, ResourceChange> waiting = [];

    /// <summary>When they came.</summary>
    private List<long> came = [];
    private EquatableArray<Problem> sourceProblems;
    private bool isSynced;
    private bool isServing;
    private int failures;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await application.StartedAsync(stoppingToken); // ready means that the ports are open too
        announcer.Listening();
        var updates = Channel.CreateBounded<SourceUpdate>(new BoundedChannelOptions(64) { SingleReader = true });
        await Task.WhenAll(ReadSourceAsync(updates.Writer, stoppingToken), ApplyUpdatesAsync(updates.Reader, stoppingToken));
    }

    /// <summary>
    /// What can happen here: news arrive, of which all that wait are taken at once; or none for so long that certificates are judged anew; or, after a failure or where
    /// a port was in use, the time has come to try again; or the program ends.
    /// Whatever fails, the last good configuration stays in place and the news are kept for the next try.
    /// </summary>
    private async Task ApplyUpdatesAsync(ChannelReader<SourceUpdate> updates, CancellationToken stop)
    {
        while (await SomethingToDoAsync(updates, stop))
        {
            while (updates.TryRead(out var update))
            {
                Take(update);
            }

            try
            {
                Apply();
            }
            catch (Exception failure)
            {
                Failed(failure);
            }
        }
    }

    private async Task<bool> SomethingToDoAsync(ChannelReader<SourceUpdate> updates, CancellationToken stop)
    {
        if (failures > 0)
        {
            await Task.Delay(Pause(failures), time, stop);
            return true;
        }

        using var quiet = new CancellationTokenSource(rollout.FailedTries == 0 ? LongestQuiet : Pause(rollout.FailedTries), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(quiet.Token, stop);
        try
        {
            return await updates.WaitToReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return true;
        }
    }

    private void Take(SourceUpdate update)
    {
        foreach (var change in update.Changes)
        {
            waiting[change.Key] = change;
        }

        if (update.Came is { } moment)
        {
            came.Add(moment);
        }

        sourceProblems = update.Problems;
        isSynced |= update.IsSynced;
    }

    private void Apply()
    {
        var (before, change) = rollout.Apply(waiting.Values);
        came.ForEach(moment => metrics?.Served(moment));
        came = [];
        waiting = []; // not cleared: it would keep the room that the first list took
        if (failures > 0)
        {
            log.ApplyRecovered(failures);
            failures = 0;
        }

        orders?.Answer(rollout.Snapshot);
        announcer.Applied(before, change);
        certificates.Judge();
        if (isSynced)
        {
            orders?.Note(rollout.Snapshot, rollout.Translation);
        }

        var found = new ProblemList(sourceProblems, rollout.Translation, certificates.Problems, rollout.LiveProblems, orders?.Problems ?? [], orders?.Awaited ?? []);
        problems.Note(found);
        standing.Note(rollout.Snapshot, rollout.Translation, found, time.GetUtcNow());
        if (isSynced)
        {
            if (!isServing)
            {
                isServing = true;
                ReturnMemory();
            }

            readiness.Begin();
            announcer.Ready(rollout, found, orders);
            writer?.Note(rollout.Snapshot, found); // status after service
        }
    }

    /// <summary>The first reading leaves as much behind as it keeps. Nobody waits for an answer yet, so the pause of about a tenth of a second hurts nobody.</summary>
    private static void ReturnMemory() => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);

    private void Failed(Exception failure)
    {
        failures++;
        metrics?.Failed();
        if (failures == 1)
        {
            log.ApplyFailed(failure);
        }
    }

    /// <summary>The source never ends by itself. If a bug ends it, what is served stays, and it is started again.</summary>
    private async Task ReadSourceAsync(ChannelWriter<SourceUpdate> updates, CancellationToken stop)
    {
        for (var attempt = 1; !stop.IsCancellationRequested; attempt++)
        {
            try
            {
                await source.RunAsync(updates, stop);
            }
            catch (Exception failure) when (!stop.IsCancellationRequested)
            {
                log.SourceFailed(failure, source.Description);
            }

            await Task.Delay(Pause(attempt), time, stop);
        }
    }

    /// <summary>Doubles from half a second to five seconds, with up to a quarter more by chance.</summary>
    private static TimeSpan Pause(int failures)
    {
        var pause = TimeSpan.FromSeconds(0.5) * Math.Pow(2, Math.Min(failures - 1, 10));
        return (pause < LongestPause ? pause : LongestPause) * (1 + (Random.Shared.NextDouble() / 4));
    }
}
