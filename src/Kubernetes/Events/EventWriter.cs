using System.Net;
using System.Text.Json;
using IngressController.Cluster;
using IngressController.Kubernetes.Api;
using IngressController.Kubernetes.Wire;
using Microsoft.Extensions.Logging;

namespace IngressController.Kubernetes.Events;

/// <summary>Writes Problems as events.k8s.io/v1 Events on their objects, for <c>kubectl describe</c>.</summary>
public sealed class EventWriter(ApiClient api, EventOrigin origin, TimeProvider time, ILogger<EventWriter> log)
{
    private const double PerSecond = 10;

    private readonly WritePace pace = new(PerSecond, burst: 50, time);
    private readonly Pulse pulse = new(time);
    private volatile State? latest;
    private bool isFailing;

    /// <summary>All problems as they stand now, and the objects that they are about.</summary>
    public void Note(IReadOnlyCollection<Problem> problems, ClusterSnapshot snapshot)
    {
        latest = new(problems, snapshot);
        pulse.Beat();
    }

    /// <summary>
    /// One term of leadership. What can happen here: the problems have changed, and what is new is told; or one has stood for so long that it is told again.
    /// </summary>
    public async Task RunAsync(CancellationToken term)
    {
        var book = new EventBook(time);
        State? noted = null;
        while (true)
        {
            if (latest is { } state && state != noted)
            {
                book.Note(state.Problems, state.Snapshot);
                noted = state;
            }

            var (due, next) = book.Due();
            if (due.Count == 0)
            {
                await pulse.WaitAsync(next, term);
                continue;
            }

            foreach (var problem in due)
            {
                await pace.WaitAsync(term);
                if (latest != noted)
                {
                    break; // it may be cured by now
                }

                await TellAsync(problem, book, term);
            }
        }
    }

    private async Task TellAsync(ProblemEvent problem, EventBook book, CancellationToken term)
    {
        try
        {
            var count = book.Count(problem);
            book.Told(problem, count == 0 ? await CreateAsync(problem, term) : await RepeatAsync(problem, count + 1, term));
            Succeeded();
        }
        catch (OperationCanceledException) when (term.IsCancellationRequested)
        {
            throw;
        }
        catch (ApiException busy) when (busy.StatusCode == HttpStatusCode.TooManyRequests)
        {
            pace.Hold(busy.RetryAfter); // and it stays due
        }
        catch (Exception failure)
        {
            book.NotTold(problem);
            Failed(problem, failure);
        }
    }

    /// <returns>How often it has been told by now.</returns>
    private async Task<int> CreateAsync(ProblemEvent problem, CancellationToken term)
    {
        try
        {
            await api.CreateAsync(Collection(problem), problem.ToEvent(origin, time.GetUtcNow()), WritingContext.Default.Event, term);
            return 1;
        }
        catch (ApiException known) when (known.StatusCode == HttpStatusCode.Conflict)
        {
            // An earlier leader has told it. A patch that changes nothing says how often, and needs no other right.
            var stored = await api.PatchAsync(Path(problem), "{}"u8.ToArray(), WritingContext.Default.EventView, term);
            var count = Math.Clamp(stored.Series?.Count ?? 1, 1, int.MaxValue - 1) + 1;
            await PatchAsync(problem, count, term);
            return count;
        }
    }

    private async Task<int> RepeatAsync(ProblemEvent problem, int count, CancellationToken term)
    {
        try
        {
            await PatchAsync(problem, count, term);
            return count;
        }
        catch (ApiException forgotten) when (forgotten.StatusCode == HttpStatusCode.NotFound)
        {
            return await CreateAsync(problem, term);
        }
    }

    private Task PatchAsync(ProblemEvent problem, int count, CancellationToken term)
    {
        var patch = new EventPatch(new(count, WritingContext.Time(time.GetUtcNow())));
        return api.PatchAsync(Path(problem), JsonSerializer.SerializeToUtf8Bytes(patch, WritingContext.Default.EventPatch), term);
    }

    private static string Path(ProblemEvent problem) => $"{Collection(problem)}/{problem.Name()}";

    private static string Collection(ProblemEvent problem) => $"/apis/events.k8s.io/v1/namespaces/{problem.Namespace}/events";

    /// <summary>A namespace that is going takes no Events; that is no failure.</summary>
    private void Failed(ProblemEvent problem, Exception failure)
    {
        var isGoing = failure is ApiException { StatusCode: HttpStatusCode.NotFound }
            || (failure is ApiException { StatusCode: HttpStatusCode.Forbidden } && failure.Message.Contains("being terminated", StringComparison.Ordinal));
        if (!isFailing && !isGoing)
        {
            isFailing = true;
            log.EventFailed(new(problem.Namespace, problem.Name()), failure.Message);
        }
    }

    private void Succeeded()
    {
        if (isFailing)
        {
            isFailing = false;
            log.EventRecovered();
        }
    }

    private sealed class State(IReadOnlyCollection<Problem> problems, ClusterSnapshot snapshot)
    {
        public IReadOnlyCollection<Problem> Problems => problems;

        public ClusterSnapshot Snapshot => snapshot;
    }
}
