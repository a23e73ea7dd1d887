using IngressController.Certificates.Acme.Protocol;
using IngressController.Cluster;

namespace IngressController.Certificates.Acme.Issuing;

/// <summary>Obtains what is wanted as long as the state is what we know it to be.</summary>
internal sealed class IssuingTerm
{
    /// <summary>So that a jump of the clock, or what was missed, costs a minute.</summary>
    private static readonly TimeSpan LongestQuiet = TimeSpan.FromMinutes(1);

    private readonly Desk desk;
    private readonly Troubles troubles;
    private readonly RenewalWindows windows;
    private readonly IssuerSetbacks issuers;
    private readonly SecretSetbacks secrets;
    private readonly Attempts attempts;
    private readonly Dictionary<NamespacedName, Work> running = [];
    private readonly Dictionary<string, Task> rollingOver = [];

    public IssuingTerm(Desk desk, Troubles troubles, RenewalWindows windows)
    {
        (this.desk, this.troubles, this.windows) = (desk, troubles, windows);
        (issuers, secrets) = (new(desk.Time), new(desk.Time));
        attempts = new(desk, troubles, windows, issuers, secrets);
    }

    /// <summary>
    /// What can happen here: news have come, an order has ended, an authority has said when it wants renewals, or the time for something has come, and it is decided anew what
    /// is to be done; or the state was changed by somebody else, or cannot be written, and all that runs is stopped; or the term ends.
    /// </summary>
    /// <exception cref="StateLostException"/>
    public async Task RunAsync()
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(desk.Term);
        await desk.Book.LoadAsync(end.Token);
        troubles.Clear(desk.Options.State);
        issuers.Continue(desk.Book.State.Holds);
        var asking = windows.RunAsync(desk.Accounts, end.Token);
        try
        {
            while (true)
            {
                var next = desk.News.Next;
                await ReapAsync();
                var wait = await RoundAsync(await desk.News.UntilAsync(_ => true, end.Token), end.Token);
                using var woken = CancellationTokenSource.CreateLinkedTokenSource(end.Token);
                var ended = await Task.WhenAny([next, asking, .. running.Values.Select(work => work.Task), .. rollingOver.Values, Task.Delay(wait, desk.Time, woken.Token)]);
                await woken.CancelAsync();
                end.Token.ThrowIfCancellationRequested();
                await (ended == asking ? asking : Task.CompletedTask);
            }
        }
        finally
        {
            await end.CancelAsync();
            await Task.WhenAll([asking, .. running.Values.Select(work => work.Task), .. rollingOver.Values]).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Whatever ended by a lost state ends the term.</summary>
    private async Task ReapAsync()
    {
        foreach (var (name, work) in running.Where(item => item.Value.Task.IsCompleted).ToList())
        {
            running.Remove(name);
            work.Stop.Dispose();
            await work.Task;
        }

        foreach (var (name, task) in rollingOver.Where(item => item.Value.IsCompleted).ToList())
        {
            rollingOver.Remove(name);
            await task;
        }
    }

    /// <returns>When to look again, if nothing happens.</returns>
    private async Task<TimeSpan> RoundAsync(News news, CancellationToken end)
    {
        foreach (var work in running.Values.Where(work => !news.Wanted.All.Any(work.Wanted.IsAs)))
        {
            await work.Stop.CancelAsync();
        }

        troubles.Keep(news.Wanted.All.Select(wanted => wanted.Secret).Append(desk.Options.State).ToHashSet());
        var plan = IssuingPlan.Of(SituationNow(news), desk.Now);
        var abandoned = plan.Abandon.Where(order => !running.ContainsKey(order.Secret)).ToList();
        if (abandoned.Count > 0)
        {
            await desk.UpdateAsync(state => abandoned.Aggregate(state.Tidy(news.Wanted, desk.Options, desk.Now), (left, order) => left.Without(order.Secret)));
        }

        foreach (var wanted in plan.Start)
        {
            var stop = CancellationTokenSource.CreateLinkedTokenSource(end);
            running[wanted.Secret] = new(wanted, attempts.RunAsync(wanted, stop.Token), stop);
        }

        if (news.RollOver is { } name && desk.Options.Issuers.FirstOrDefault(issuer => issuer.Name == name) is { } rolling && !rollingOver.ContainsKey(name)
            && !running.Values.Any(work => work.Wanted.Issuer == rolling))
        {
            rollingOver[name] = RollOverAsync(rolling, end);
        }

        var wait = (plan.Next ?? DateTimeOffset.MaxValue) - desk.Now;
        return wait > LongestQuiet ? LongestQuiet : wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }

    private Situation SituationNow(News news) => new(news.Wanted.All, desk.Book.State)
    {
        Held = desk.Fresh.Over(news),
        Windows = windows.All,
        Pauses = secrets.Pauses,
        Holds = issuers.Holds,
        InTrouble = issuers.InTrouble,
        Resting = news.RollOver is { } name ? new HashSet<string>([name, .. rollingOver.Keys]) : rollingOver.Keys.ToHashSet(),
        Running = [.. running.Values.Select(work => work.Wanted)],
    };

    /// <summary>By what the Secret says now: the news may be from before the last time.</summary>
    private async Task RollOverAsync(Issuer issuer, CancellationToken end)
    {
        await desk.Book.RefreshAsync(end);
        if (desk.Book.RollOver != issuer.Name)
        {
            await Task.WhenAny(desk.News.Next, Task.Delay(LongestQuiet, desk.Time, end));
            return;
        }

        try
        {
            await desk.Accounts.RollOverAsync(issuer, end);
            issuers.Succeeded(issuer);
        }
        catch (AcmeException failure)
        {
            await attempts.HoldAsync(issuer, failure, []);
            await Task.Delay(Backoff.OfAuthority(5, Random.Shared.NextDouble()), desk.Time, end);
        }
    }

    private sealed record Work(WantedCertificate Wanted, Task Task, CancellationTokenSource Stop);
}
