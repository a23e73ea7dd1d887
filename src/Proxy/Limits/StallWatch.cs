namespace IngressController.Proxy.Limits;

/// <summary>Tells when one operation takes longer than it may. Operations follow one another; the timer is made for the first and kept.</summary>
/// <param name="stalled">Called once for an operation, on another thread, while it is under way.</param>
internal sealed class StallWatch(TimeSpan limit, TimeProvider time, Action stalled) : IDisposable
{
    private readonly Lock gate = new();
    private ITimer? timer;
    private long began;
    private bool isUnderWay;

    public async ValueTask<T> WatchAsync<T>(ValueTask<T> operation)
    {
        Begin();
        try
        {
            return await operation;
        }
        finally
        {
            End();
        }
    }

    public async ValueTask WatchAsync(ValueTask operation)
    {
        Begin();
        try
        {
            await operation;
        }
        finally
        {
            End();
        }
    }

    public void Dispose() => timer?.Dispose();

    private void Begin()
    {
        lock (gate)
        {
            (isUnderWay, began) = (true, time.GetTimestamp());
            timer ??= time.CreateTimer(static watch => ((StallWatch)watch!).OnTime(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            timer.Change(limit, Timeout.InfiniteTimeSpan);
        }
    }

    private void End()
    {
        lock (gate)
        {
            isUnderWay = false;
            timer!.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>It may have fired for the operation before, just when that ended.</summary>
    private void OnTime()
    {
        lock (gate)
        {
            if (!isUnderWay || time.GetElapsedTime(began) < limit - TimeSpan.FromMilliseconds(50))
            {
                return;
            }

            isUnderWay = false;
        }

        stalled();
    }
}
