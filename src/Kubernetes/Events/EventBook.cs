using IngressController.Cluster;

namespace IngressController.Kubernetes.Events;

/// <summary>
/// Which problems have been told, and which are to be told now. A problem that stands is told again before the API server forgets its Event (an hour by default);
/// one that comes and goes is not told anew each time. Belongs to one thread and does no I/O.
/// </summary>
internal sealed class EventBook(TimeProvider time)
{
    /// <summary>Half of the API server's default --event-ttl.</summary>
    private static readonly TimeSpan Standing = TimeSpan.FromMinutes(30);

    /// <summary>A problem that returns sooner is the same one.</summary>
    private static readonly TimeSpan Returning = TimeSpan.FromMinutes(5);

    /// <summary>Somebody's object with a thousand wrong paths does not drown what others have to know.</summary>
    private const int MostPerObject = 20;

    private readonly Dictionary<ProblemEvent, Telling> told = [];
    private HashSet<ProblemEvent> standing = [];

    /// <summary>What stands now, in its order; forgets what has been gone for a while.</summary>
    public void Note(IEnumerable<Problem> problems, ClusterSnapshot snapshot)
    {
        var before = standing;
        standing = problems.Select(problem => ProblemEvent.Of(problem, snapshot)).OfType<ProblemEvent>()
            .GroupBy(found => found.Regarding).SelectMany(group => group.Distinct().Take(MostPerObject)).ToHashSet();
        foreach (var (problem, telling) in told)
        {
            if (standing.Contains(problem))
            {
                told[problem] = before.Contains(problem) ? telling : telling with { Again = Returning };
            }
            else if (time.GetElapsedTime(telling.At) >= Returning)
            {
                told.Remove(problem);
            }
        }
    }

    /// <summary>What is to be told now, and when to look again.</summary>
    public (IReadOnlyList<ProblemEvent> Due, TimeSpan Next) Due()
    {
        var due = new List<ProblemEvent>();
        var next = Standing;
        foreach (var problem in standing)
        {
            var left = told.TryGetValue(problem, out var telling) ? telling.Again - time.GetElapsedTime(telling.At) : TimeSpan.Zero;
            if (left <= TimeSpan.Zero)
            {
                due.Add(problem);
            }
            else
            {
                next = left < next ? left : next;
            }
        }

        return (due, next);
    }

    /// <summary>How often it has been told; 0 where it has not.</summary>
    public int Count(ProblemEvent problem) => told.TryGetValue(problem, out var telling) ? telling.Count : 0;

    /// <param name="count">How often by now.</param>
    public void Told(ProblemEvent problem, int count) => told[problem] = new(time.GetTimestamp(), count, Standing);

    /// <summary>Not written, for whatever reason; counts as an old one that returns.</summary>
    public void NotTold(ProblemEvent problem) => told[problem] = new(time.GetTimestamp(), Count(problem), Returning);

    private readonly record struct Telling(long At, int Count, TimeSpan Again);
}
