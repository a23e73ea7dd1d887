namespace IngressController.App;

/// <summary>
/// Objects that were read long ago and are replaced by newer ones are garbage in the collector's oldest generation, which it looks at only when the heap has grown by
/// half or more. So memory would settle far above what is in use. Here it is asked to look once a thirty-second part has been added, beside the program and without stopping it.
/// </summary>
internal sealed class OldObjects(TimeProvider time) : BackgroundService
{
    private const long LeastAdded = 4 << 20;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(3);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var collections = -1;
        var used = 0L;
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (GC.CollectionCount(GC.MaxGeneration) is var now && now != collections)
            {
                (collections, used) = (now, GC.GetTotalMemory(forceFullCollection: false)); // the collector has looked by itself, or has finished what it was asked for
            }
            else if (GC.GetTotalMemory(forceFullCollection: false) - used > Math.Max(LeastAdded, used / 32))
            {
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: false);
            }
        }
    }
}
