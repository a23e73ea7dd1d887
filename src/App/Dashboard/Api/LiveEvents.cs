using IngressController.Proxy.Observing;

namespace IngressController.App.Dashboard.Api;

/// <summary>What goes on, told as it happens to those who watch. They are few: each costs something for every request.</summary>
internal sealed class LiveEvents(RequestTail tail, OverviewSource overviews, Standing standing, TimeProvider time)
{
    public const int MostWatchers = 32;

    private const int MostAtOnce = 100;
    private const int LooksPerOverview = 4;
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    private int watchers;

    /// <summary>Requests as they end, at most 100 in a quarter of a second; how many were left out is said. Ends when the client goes or <paramref name="end"/> comes.</summary>
    /// <returns>False where there are too many watchers.</returns>
    public Task<bool> TailAsync(HttpResponse response, TailFilter filter, CancellationToken end) => WatchAsync(response, async stream =>
    {
        using var watch = tail.Watch(filter.Takes);
        await stream.BeginAsync(end);
        while (true)
        {
            if (!await IsNextAsync(watch, end))
            {
                await stream.BeatAsync(end);
                continue;
            }

            var came = 0;
            while (watch.Records.TryRead(out var record))
            {
                if (came++ < MostAtOnce)
                {
                    stream.Write("request", TailItem.Of(record), ApiJson.Shapes.TailItem);
                }
            }

            var missed = watch.TakeMissed() + Math.Max(0, came - MostAtOnce);
            if (missed > 0)
            {
                stream.Write("missed", new(missed), ApiJson.Shapes.MissedItem);
            }

            await stream.FlushAsync(end);
            await Task.Delay(Pace, time, end);
        }
    });

    /// <summary>An overview every two seconds, and that the configuration has changed. Ends when the client goes or <paramref name="end"/> comes.</summary>
    /// <returns>False where there are too many watchers.</returns>
    public Task<bool> OverviewsAsync(HttpResponse response, CancellationToken end) => WatchAsync(response, async stream =>
    {
        using var looks = new PeriodicTimer(Look, time);
        var seen = standing.Now;
        await stream.BeginAsync(end);
        for (var look = 0; ; look++)
        {
            var now = standing.Now;
            if (!now.IsAs(seen))
            {
                stream.Write("changed", new(now.AppliedAt), ApiJson.Shapes.ChangedItem);
            }

            if (look % LooksPerOverview == 0)
            {
                stream.Write("overview", overviews.Latest(), ApiJson.Shapes.Overview);
            }

            seen = now;
            await stream.FlushAsync(end);
            await looks.WaitForNextTickAsync(end);
        }
    });

    private async Task<bool> WatchAsync(HttpResponse response, Func<EventStream, Task> watch)
    {
        try
        {
            if (Interlocked.Increment(ref watchers) > MostWatchers)
            {
                return false;
            }

            await watch(new(response));
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // the client is gone, or the program ends
        }
        finally
        {
            Interlocked.Decrement(ref watchers);
        }

        return true;
    }

    /// <returns>False where nothing comes for the time of a heartbeat.</returns>
    private async Task<bool> IsNextAsync(RequestWatch watch, CancellationToken end)
    {
        using var silence = new CancellationTokenSource(Heartbeat, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(end, silence.Token);
        try
        {
            return await watch.Records.WaitToReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!end.IsCancellationRequested)
        {
            return false;
        }
    }
}
