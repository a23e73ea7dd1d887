using System.Net;
using IngressController.Kubernetes.Api;
using IngressController.Kubernetes.Wire;
using Microsoft.Extensions.Logging;

namespace IngressController.Kubernetes.Leadership;

/// <summary>Lets one replica at a time do what only one may do, by a coordination.k8s.io/v1 Lease, as client-go does.</summary>
public sealed class LeaderElection(ApiClient api, LeaseTerms terms, TimeProvider time, ILogger<LeaderElection> log, KubernetesMetrics? metrics = null)
{
    private const double AcquireJitter = 1.2;
    private static readonly TimeSpan ReleaseTimeout = TimeSpan.FromSeconds(3);

    private readonly Candidacy candidacy = new(terms, time);
    private readonly string collection = $"/apis/coordination.k8s.io/v1/namespaces/{terms.Lease.Namespace}/leases";
    private bool mustRead = true;
    private bool isContested;
    private bool isFailing;
    private volatile bool isLeading;

    /// <summary>This replica may write.</summary>
    public bool IsLeading => isLeading;

    /// <summary>The candidate that holds the lease, as it was last read; empty where nobody does. For people: who may write is said by <see cref="IsLeading"/>.</summary>
    public string Holder => candidacy.Holder;

    private string Lease => $"{collection}/{terms.Lease.Name}";

    /// <summary>
    /// Leads whenever it can, until stopped; then gives the lease up. What can happen here: the lease becomes ours, and <paramref name="lead"/> begins with
    /// the token of this term; the term ends, because the lease is another's or could not be renewed in time, and the token is cancelled at once.
    /// </summary>
    /// <param name="lead">Runs until its token is cancelled.</param>
    public async Task RunAsync(Func<CancellationToken, Task> lead, CancellationToken stop)
    {
        metrics?.StandsBy();
        while (await AcquireAsync(stop))
        {
            log.LeadershipBegins(terms.Identity);
            isLeading = true;
            metrics?.Leads();
            await LeadAsync(lead, stop);
            isLeading = false;
            metrics?.StandsBy();
            log.LeadershipEnds(terms.Identity, candidacy.Holder);
        }
    }

    /// <returns>False when stopped.</returns>
    private async Task<bool> AcquireAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            if (await TryAsync(stop) && candidacy.TimeLeft > TimeSpan.Zero)
            {
                return true;
            }

            await PauseAsync(terms.RetryPeriod * (1 + (Random.Shared.NextDouble() * AcquireJitter)), stop);
        }

        return false;
    }

    private async Task LeadAsync(Func<CancellationToken, Task> lead, CancellationToken stop)
    {
        using var deadline = new CancellationTokenSource(candidacy.TimeLeft, time);
        using var term = CancellationTokenSource.CreateLinkedTokenSource(stop, deadline.Token);
        var work = WorkAsync(lead, term);
        do
        {
            await PauseAsync(isContested ? TimeSpan.Zero : terms.RetryPeriod, term.Token); // whoever may have lost looks at once
            if (!term.IsCancellationRequested && await TryAsync(term.Token))
            {
                deadline.CancelAfter(candidacy.TimeLeft);
            }
        }
        while (!term.IsCancellationRequested && candidacy.IsLeader);

        await term.CancelAsync();
        await work;
        if (candidacy.IsLeader)
        {
            await ReleaseAsync();
            await PauseAsync(terms.RetryPeriod, stop); // another shall have it first
        }
    }

    private async Task WorkAsync(Func<CancellationToken, Task> lead, CancellationTokenSource term)
    {
        await Task.Yield(); // renewing does not wait for work
        try
        {
            await lead(term.Token);
        }
        catch (OperationCanceledException) when (term.IsCancellationRequested)
        {
            // the term is over
        }
        catch (Exception failure)
        {
            log.LeadFailed(failure);
        }

        await term.CancelAsync();
    }

    /// <summary>Takes or renews the lease if it may be taken.</summary>
    /// <returns>It is ours, by a write that the API server has just accepted.</returns>
    private async Task<bool> TryAsync(CancellationToken stop)
    {
        using var timeout = new CancellationTokenSource(terms.RenewDeadline / 2, time); // so that one lost answer does not cost the term
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, timeout.Token);
        var cancel = either.Token;
        try
        {
            var isThere = !mustRead || await ReadAsync(cancel);
            if (!candidacy.MayTake)
            {
                mustRead = true;
                return false;
            }

            isContested = false;
            var sentAt = time.GetTimestamp();
            mustRead = true; // until the answer says what became of the write
            var written = isThere
                ? await api.ReplaceAsync(Lease, candidacy.Bid(), WritingContext.Default.Lease, cancel)
                : await api.CreateAsync(collection, candidacy.Bid(), WritingContext.Default.Lease, cancel);
            candidacy.Wrote(written, sentAt);
            mustRead = false;
            Succeeded();
            return true;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return false;
        }
        catch (ApiException conflict) when (conflict.StatusCode == HttpStatusCode.Conflict)
        {
            isContested = true;
            return false; // somebody was faster; the next try reads who
        }
        catch (Exception failure)
        {
            isContested = false;
            Failed(failure);
            return false;
        }
    }

    private async Task<bool> ReadAsync(CancellationToken cancel)
    {
        try
        {
            candidacy.Read(await api.GetAsync(Lease, WritingContext.Default.Lease, cancel));
            Succeeded();
            return true;
        }
        catch (ApiException missing) when (missing.StatusCode == HttpStatusCode.NotFound)
        {
            candidacy.Lost();
            return false;
        }
    }

    private async Task ReleaseAsync()
    {
        using var timeout = new CancellationTokenSource(ReleaseTimeout, time);
        try
        {
            while (!mustRead || await ReadAsync(timeout.Token))
            {
                if (!candidacy.IsLeader || await TryReleaseAsync(timeout.Token))
                {
                    return;
                }
            }
        }
        catch (Exception failure)
        {
            log.ReleaseFailed(failure.Message); // it runs out by itself
        }
    }

    /// <returns>False where the lease is not as we know it: a renewal whose answer was not waited for may just have come through.</returns>
    private async Task<bool> TryReleaseAsync(CancellationToken cancel)
    {
        mustRead = true;
        try
        {
            candidacy.Wrote(await api.ReplaceAsync(Lease, candidacy.Release(), WritingContext.Default.Lease, cancel), time.GetTimestamp());
            return true;
        }
        catch (ApiException conflict) when (conflict.StatusCode == HttpStatusCode.Conflict)
        {
            return false;
        }
    }

    private async Task PauseAsync(TimeSpan pause, CancellationToken cancel) =>
        await Task.Delay(pause, time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private void Failed(Exception failure)
    {
        if (!isFailing)
        {
            isFailing = true;
            log.LeaseUnreachable(terms.Lease, failure.Message);
        }
    }

    private void Succeeded()
    {
        if (isFailing)
        {
            isFailing = false;
            log.LeaseReachable(terms.Lease);
        }
    }
}
