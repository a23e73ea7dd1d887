using System.Collections.Immutable;
using System.Threading.Channels;
using IngressController.Cluster;

namespace IngressController.App;

/// <summary>
/// Logs problems that are new and problems that are cured, one line each. Works at its own pace beside the control loop: at most one report a second, and after a
/// long one ten seconds' rest, so that a flood of problems is neither a flood of lines nor in the way of changes.
/// </summary>
internal sealed class ProblemLog(TimeProvider time, ILogger<ProblemLog> log) : BackgroundService
{
    private const int LinesPerReport = 50;
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(10);

    private readonly Channel<ProblemList> states = Channel.CreateBounded<ProblemList>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
    private ImmutableHashSet<Problem> known = [];

    /// <summary>What stands now; states that are superseded before they are reported are passed over.</summary>
    public void Note(ProblemList problems) => states.Writer.TryWrite(problems);

    /// <summary>What can happen here: the problems may have changed; or the program ends.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        ProblemList? reported = null;
        await foreach (var state in states.Reader.ReadAllAsync(stoppingToken))
        {
            if (state.SaysAs(reported))
            {
                reported = state;
                continue;
            }

            var lines = 0;
            try
            {
                lines = Report([.. state.All]);
                reported = state;
            }
            catch (Exception failure)
            {
                log.ReportFailed(failure);
            }

            await Task.Delay(lines < LinesPerReport ? Pace : Rest, time, stoppingToken);
        }
    }

    /// <returns>The number of lines that it took.</returns>
    internal int Report(ImmutableHashSet<Problem> now)
    {
        var found = now.Except(known).Order().ToList();
        var cured = known.Except(now).Order().ToList();
        known = now;
        found.Take(LinesPerReport).ToList().ForEach(problem => log.ProblemFound(problem.ToString()));
        var left = Math.Max(0, LinesPerReport - found.Count);
        cured.Take(left).ToList().ForEach(problem => log.ProblemCured(problem.ToString()));
        var lines = found.Count + cured.Count;
        if (lines > LinesPerReport)
        {
            log.MoreProblems(Math.Max(0, found.Count - LinesPerReport), Math.Max(0, cured.Count - left));
        }

        return Math.Min(lines, LinesPerReport);
    }
}
