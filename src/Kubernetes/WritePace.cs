namespace IngressController.Kubernetes;

/// <summary>How fast the leader writes: so many a second, a burst after a rest, and nothing while the API server asks to be left alone. Thread-safe.</summary>
/// <param name="burst">How many may go at once after a rest.</param>
internal sealed class WritePace(double perSecond, int burst, TimeProvider time)
{
    private static readonly TimeSpan DefaultHold = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private readonly TimeSpan interval = TimeSpan.FromSeconds(1 / perSecond);
    private readonly long start = time.GetTimestamp();
    private TimeSpan next = TimeSpan.Zero;
    private TimeSpan held = TimeSpan.Zero;

    /// <summary>Waits for the next place in the queue. Who is held up while waiting takes a new place: not all come at once afterwards.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        do
        {
            if (TakePlace() is var wait && wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, time, cancellationToken);
            }
        }
        while (IsHeld());
    }

    /// <summary>The API server has answered 429: nobody writes for a while.</summary>
    /// <param name="retryAfter">What it asked for; null: a second.</param>
    public void Hold(TimeSpan? retryAfter)
    {
        lock (gate)
        {
            var until = time.GetElapsedTime(start) + (retryAfter is { } asked && asked > TimeSpan.Zero ? asked : DefaultHold);
            held = held > until ? held : until;
            next = next > held ? next : held;
        }
    }

    private TimeSpan TakePlace()
    {
        lock (gate)
        {
            var now = time.GetElapsedTime(start);
            var earliest = now - (interval * (burst - 1));
            next = next > earliest ? next : earliest;
            var wait = next - now;
            next += interval;
            return wait;
        }
    }

    private bool IsHeld()
    {
        lock (gate)
        {
            return time.GetElapsedTime(start) < held;
        }
    }
}
