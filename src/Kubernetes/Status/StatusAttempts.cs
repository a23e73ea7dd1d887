using IngressController.Cluster;

namespace IngressController.Kubernetes.Status;

/// <summary>What one leader has tried, so that nothing is written twice while the news of it are on their way, and failures are not repeated at once. Thread-safe.</summary>
internal sealed class StatusAttempts(TimeProvider time)
{
    /// <summary>If a status still differs so long after it was written, somebody has written over it. Bounds the fight with another controller too.</summary>
    private static readonly TimeSpan Echo = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(2);

    private readonly Lock gate = new();
    private readonly Dictionary<NamespacedName, Attempt> last = [];

    /// <summary>The changes whose time has come, and how long it takes until that of the next comes; infinite where there is none.</summary>
    public (List<StatusChange> Due, TimeSpan Next) Sort(IReadOnlyCollection<StatusChange> changes)
    {
        lock (gate)
        {
            Forget(changes);
            var due = new List<StatusChange>();
            var next = TimeSpan.MaxValue;
            foreach (var change in changes)
            {
                var left = last.TryGetValue(change.Name, out var attempt) && attempt.Change == change ? attempt.Pause - time.GetElapsedTime(attempt.At) : TimeSpan.Zero;
                if (left <= TimeSpan.Zero)
                {
                    due.Add(change);
                }
                else if (left < next)
                {
                    next = left;
                }
            }

            return (due, next == TimeSpan.MaxValue ? Timeout.InfiniteTimeSpan : next);
        }
    }

    public void Succeeded(StatusChange change)
    {
        lock (gate)
        {
            last[change.Name] = new(change, time.GetTimestamp(), Echo, 0);
        }
    }

    public void Failed(StatusChange change)
    {
        lock (gate)
        {
            var failures = last.TryGetValue(change.Name, out var attempt) && attempt.Change == change ? attempt.Failures + 1 : 1;
            var pause = ShortestPause * Math.Pow(2, Math.Min(failures - 1, 10));
            last[change.Name] = new(change, time.GetTimestamp(), (pause < LongestPause ? pause : LongestPause) * (1 + (Random.Shared.NextDouble() / 4)), failures);
        }
    }

    /// <summary>What no longer differs has arrived.</summary>
    private void Forget(IReadOnlyCollection<StatusChange> changes)
    {
        var names = changes.Select(change => change.Name).ToHashSet();
        foreach (var name in last.Keys.Where(name => !names.Contains(name)).ToList())
        {
            last.Remove(name);
        }
    }

    private readonly record struct Attempt(StatusChange Change, long At, TimeSpan Pause, int Failures);
}
