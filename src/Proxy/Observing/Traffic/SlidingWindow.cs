namespace IngressController.Proxy.Observing.Traffic;

/// <summary>
/// What ended lately, in slices of equal length: a ring in which each slice replaces the one that is a whole round older. Counting takes no lock and allocates once a
/// slice. A request that is counted in the moment in which its slice becomes too old is not lost: it is in the old slice.
/// </summary>
/// <param name="slices">How many are kept, the one that is being filled among them.</param>
internal sealed class SlidingWindow(int slices, TimeSpan length)
{
    private readonly TrafficSlice?[] ring = new TrafficSlice?[slices];
    private readonly long ticks = length.Ticks;

    /// <param name="bucket">Of <see cref="DurationBuckets"/>, or <see cref="TrafficSlice.Untimed"/>.</param>
    public void Add(DateTimeOffset time, int status, int bucket) => At(EpochOf(time)).Add(status, bucket);

    public void Fail(DateTimeOffset time) => At(EpochOf(time)).Fail();

    /// <summary>The number of the slice that a moment is in.</summary>
    public long EpochOf(DateTimeOffset time) => time.UtcTicks / ticks;

    public DateTimeOffset Begin(long epoch) => new(epoch * ticks, TimeSpan.Zero);

    /// <returns>Null where nothing ended in that time, or it is too long ago.</returns>
    public TrafficSlice? Find(long epoch) => Volatile.Read(ref ring[epoch % ring.Length]) is { } slice && slice.Epoch == epoch ? slice : null;

    /// <summary>Adds up what there is.</summary>
    /// <param name="since">What is counted here began to be counted then.</param>
    public void AddTo(TrafficSum sum, DateTimeOffset now, DateTimeOffset since) => sum.Add(this, First(now), EpochOf(now), Time(now, since));

    /// <summary>Requests a second.</summary>
    public double Rate(DateTimeOffset now, DateTimeOffset since)
    {
        var requests = 0L;
        for (var epoch = First(now); epoch <= EpochOf(now); epoch++)
        {
            requests += Find(epoch)?.Requests ?? 0;
        }

        return requests / TrafficSum.Seconds(Time(now, since));
    }

    private long First(DateTimeOffset now) => EpochOf(now) - ring.Length + 1;

    /// <summary>For how long was counted in what is there.</summary>
    private TimeSpan Time(DateTimeOffset now, DateTimeOffset since) => now - (Begin(First(now)) > since ? Begin(First(now)) : since);

    private TrafficSlice At(long epoch)
    {
        ref var place = ref ring[epoch % ring.Length];
        var slice = Volatile.Read(ref place);
        while (slice is null || slice.Epoch != epoch)
        {
            var fresh = new TrafficSlice(epoch);
            var found = Interlocked.CompareExchange(ref place, fresh, slice);
            slice = ReferenceEquals(found, slice) ? fresh : found;
        }

        return slice;
    }
}
