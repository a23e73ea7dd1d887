using IngressController.Certificates.Acme.Protocol;
using IngressController.Cluster;

namespace IngressController.Certificates.Acme.Issuing;

/// <summary>Tries to obtain a certificate, and decides what a failure means: for its hosts, for its issuer, or for its Secret.</summary>
internal sealed class Attempts(Desk desk, Troubles troubles, RenewalWindows windows, IssuerSetbacks issuers, SecretSetbacks secrets)
{
    /// <summary>What of one order alone goes wrong for so long will not come right.</summary>
    private static readonly TimeSpan LongestOrder = TimeSpan.FromDays(1);

    /// <summary>Never fails but by a state that is lost, or at the end of the term.</summary>
    /// <exception cref="StateLostException"/>
    public async Task RunAsync(WantedCertificate wanted, CancellationToken stop)
    {
        try
        {
            var failed = await new Issuance(desk, wanted, windows).RunAsync(stop);
            issuers.Succeeded(wanted.Issuer);
            Ended(wanted);
            if (!failed.IsEmpty)
            {
                await FailedAsync(wanted, failed, TimeSpan.Zero);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested || desk.Term.IsCancellationRequested)
        {
            // It is not wanted any more, or goes on in the next term.
        }
        catch (AcmeException failure)
        {
            await FailedAsync(wanted, failure);
        }
        catch (IOException failure)
        {
            Waits(wanted, failure.Message);
            if (IsTooOld(desk.Book.State.OrderFor(wanted)))
            {
                await FailedAsync(wanted, Blame.For(wanted, null, failure.Message), TimeSpan.Zero);
            }
        }
        catch (Exception bug) when (bug is not StateLostException)
        {
            desk.Log.OrderBroken(wanted.Secret, bug);
            await FailedAsync(wanted, Blame.For(wanted, null, $"a bug of the controller ended the order, its log says more: {bug.Message}"), TimeSpan.Zero);
        }
    }

    private void Ended(WantedCertificate wanted)
    {
        secrets.Succeeded(wanted.Secret);
        troubles.Clear(wanted.Secret);
    }

    private async Task FailedAsync(WantedCertificate wanted, AcmeException failure)
    {
        var order = desk.Book.State.OrderFor(wanted);
        var isForgotten = failure.Is(AcmeProblem.AccountDoesNotExist);
        if (isForgotten)
        {
            await desk.Accounts.ForgetAsync(wanted.Issuer, desk.Term);
        }

        var isOfIssuer = failure.IsUnavailable || failure.Problem is null || isForgotten || failure.Is(AcmeProblem.RateLimited);
        if (isOfIssuer)
        {
            await HoldAsync(wanted.Issuer, failure, wanted.Hosts);
        }

        var isLimited = failure.Is(AcmeProblem.RateLimited) && order?.Url is null;
        if (!isOfIssuer || isLimited || IsTooOld(order))
        {
            await FailedAsync(wanted, Blame.For(wanted, failure.Problem, failure.Message), failure.RetryAfter ?? TimeSpan.Zero);
        }
        else if (order is not null)
        {
            // Longer than the issuer, so that the others have their turn: maybe it is only this order that it cannot answer for.
            var (held, asked) = (issuers.Holds.GetValueOrDefault(wanted.Issuer.Name) is { } hold && hold.Until > desk.Now ? hold.Until - desk.Now : TimeSpan.Zero, failure.RetryAfter ?? TimeSpan.Zero);
            secrets.Failed(wanted.Secret, asked > held ? asked : held);
        }
    }

    private bool IsTooOld(OrderRecord? order) => order is not null && desk.Now - order.Began > LongestOrder;

    private async Task FailedAsync(WantedCertificate wanted, EquatableArray<HostFailure> failed, TimeSpan least)
    {
        desk.Metrics.Failed(wanted.Issuer);
        await desk.UpdateAsync(state => state.Failed(wanted, failed, least, Random.Shared.NextDouble(), desk.Now));
        var noted = desk.Book.State.Failures.Select(failure => failure.Host).ToHashSet();
        if (!failed.All(failure => noted.Contains(failure.Host)))
        {
            secrets.Failed(wanted.Secret, Backoff.OfHost(1, Random.Shared.NextDouble())); // there was no room to write it down, and nothing but the log tells of it
            desk.Log.NotIssued(wanted.Issuer.Name, wanted.Secret, string.Join("; ", failed.Select(failure => failure.Cause).Distinct()));
        }
    }

    /// <summary>Written down where it is for longer than a change of the leader takes, and for everybody to see.</summary>
    /// <param name="hosts">Of the order that failed; empty where there was none.</param>
    public async Task HoldAsync(Issuer issuer, AcmeException failure, EquatableArray<string> hosts)
    {
        var least = TimeSpan.FromSeconds(10);
        var (before, hold) = (desk.Book.State.Holds.FirstOrDefault(known => known.Issuer == issuer.Name), issuers.Failed(issuer, failure, hosts));
        if (hold == before || hold.Until - desk.Now < least)
        {
            return;
        }

        if (before?.Cause != hold.Cause)
        {
            desk.Log.IssuerHeld(issuer.Name, hold.Until, hold.Cause);
        }

        await desk.UpdateAsync(state => state.Hold(hold));
    }

    private void Waits(WantedCertificate wanted, string reason)
    {
        secrets.Failed(wanted.Secret, TimeSpan.Zero);
        if (troubles.Note(wanted.Secret, [.. wanted.Askers.Select(asker => asker.Problem(ProblemCode.AcmeNotWritten, Severity.Error, wanted.Secret, reason, ""))]))
        {
            desk.Log.CertificateWaits(wanted.Secret, reason);
        }
    }
}
