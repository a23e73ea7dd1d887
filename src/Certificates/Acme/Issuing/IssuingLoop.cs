using System.Collections.Immutable;
using IngressController.Cluster;
using Microsoft.Extensions.Logging;

namespace IngressController.Certificates.Acme.Issuing;

/// <summary>What only the leader does. Never ends by a failure.</summary>
internal sealed class IssuingLoop(AcmeOptions options, ISecretWriter writer, NewsBoard board, Troubles troubles, AcmeMetrics metrics, TimeProvider time, ILogger log)
{
    /// <summary>Who works for so long works.</summary>
    private static readonly TimeSpan Steady = TimeSpan.FromMinutes(10);

    /// <summary>They are true in the next term too.</summary>
    private readonly RenewalWindows windows = new(board, time, log);

    /// <summary>What can happen here: the state of ACME is another than we thought, or cannot be read or written, or there is a bug, and it begins anew after a pause; or the term ends.</summary>
    public async Task RunAsync(CancellationToken term)
    {
        try
        {
            await RepeatAsync(term);
        }
        finally
        {
            troubles.Keep(ImmutableHashSet<NamespacedName>.Empty); // the next leader has its own
        }
    }

    private async Task RepeatAsync(CancellationToken term)
    {
        for (var failures = 1; ; failures++)
        {
            var began = time.GetTimestamp();
            try
            {
                await board.UntilAsync(_ => true, term);
                await WorkAsync(term);
            }
            catch (StateLostException lost) when (!term.IsCancellationRequested)
            {
                if (troubles.Note(options.State, [new(ProblemCode.AcmeNotWritten, Severity.Error, new(ResourceKind.Secret, options.State), "", lost.Message)]))
                {
                    log.StateLost(options.State, lost.Message);
                }
            }
            catch (Exception bug) when (!term.IsCancellationRequested)
            {
                log.IssuingFailed(bug);
            }

            failures = time.GetElapsedTime(began) > Steady ? 1 : failures;
            await Task.Delay(Backoff.OfAuthority(failures, Random.Shared.NextDouble()), time, term);
        }
    }

    private async Task WorkAsync(CancellationToken term)
    {
        using var book = new StateBook(writer, options);
        using var accounts = new Accounts(book, time, log);
        await new IssuingTerm(new(options, writer, book, accounts, board, new(time), metrics, time, log, term), troubles, windows).RunAsync();
    }
}
