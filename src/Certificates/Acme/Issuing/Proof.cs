using IngressController.Certificates.Acme.Dns;
using IngressController.Certificates.Acme.Protocol;
using IngressController.Cluster;

namespace IngressController.Certificates.Acme.Issuing;

/// <summary>Shows an authority that the hosts of an order are ours: RFC 8555 section 7.5.</summary>
internal sealed class Proof(Desk desk, WantedCertificate wanted, AcmeAccount account)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Some authorities (step-ca) leave a challenge that failed pending, with its error; others may look again by themselves.</summary>
    private static readonly TimeSpan LongestHope = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan LongestWayOfNews = TimeSpan.FromMinutes(1);

    /// <summary>How much later than this one the other replicas may read of the challenges.</summary>
    private static readonly TimeSpan Spread = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan LongestCleaning = TimeSpan.FromMinutes(1);

    /// <param name="order">Pending.</param>
    /// <returns>The order when its hosts are proven; or, if one could not be, the order as it was and what is wrong.</returns>
    public async Task<(Order Order, EquatableArray<HostFailure> Failed)> ProveAsync(Order order, CancellationToken cancellationToken)
    {
        var asked = new List<Authorization>();
        foreach (var url in order.Authorizations.AsEnumerable())
        {
            asked.Add(await account.GetAuthorizationAsync(url, cancellationToken));
        }

        var open = asked.FindAll(one => one.Status == AuthorizationStatus.Pending);
        var failed = Failures(asked.Except(open));
        if (failed.IsEmpty && open.Count > 0)
        {
            failed = Kind(open) is { } kind ? await ProveAsync(order, open, kind, cancellationToken) : NotOffered(open);
        }

        return failed.IsEmpty
            ? (await account.PollOrderAsync(order.Url, polled => polled.Status != OrderStatus.Pending, Patience, cancellationToken), [])
            : (order, failed);
    }

    private async Task<EquatableArray<HostFailure>> ProveAsync(Order order, List<Authorization> open, ChallengeKind kind, CancellationToken cancellationToken)
    {
        var challenges = open.ConvertAll(one => (Authorization: one, Challenge: one.Challenges.First(challenge => challenge.Kind == kind)));
        EquatableArray<ChallengeToken> tokens = [.. challenges.Select(one => new ChallengeToken(one.Authorization.Host, one.Challenge.Token))];
        await desk.UpdateAsync(state => state.WithOrders(wanted.IsMeantBy, record => record with { Challenge = kind, Tokens = tokens }));
        if (kind != ChallengeKind.Dns01)
        {
            await SeeAsync(seen => seen.Url == order.Url && seen.Tokens == tokens && seen.Challenge == kind, cancellationToken);
            await Task.Delay(Spread, desk.Time, cancellationToken);
            return await AnswerAsync(challenges, cancellationToken);
        }

        var (hook, records) = (DnsHooks.Of(wanted.Issuer.Dns!, desk.Time), RecordsOf(tokens));
        try
        {
            foreach (var record in records)
            {
                await hook.PresentAsync(record, cancellationToken);
            }

            return await AnswerAsync(challenges, cancellationToken);
        }
        finally
        {
            await CleanUpAsync(hook, records);
        }
    }

    private async Task<EquatableArray<HostFailure>> AnswerAsync(List<(Authorization Authorization, Challenge Challenge)> challenges, CancellationToken cancellationToken)
    {
        foreach (var (authorization, challenge) in challenges.Where(one => one.Challenge.Status == ChallengeStatus.Pending))
        {
            try
            {
                await account.AnswerAsync(challenge, cancellationToken);
            }
            catch (AcmeException refused) when (!refused.IsUnavailable && !refused.Is(AcmeProblem.RateLimited))
            {
                if ((await account.GetAuthorizationAsync(authorization.Url, cancellationToken)).Status == AuthorizationStatus.Pending)
                {
                    throw;
                }
            }
        }

        var proven = new List<Authorization>();
        foreach (var (authorization, _) in challenges)
        {
            proven.Add(await PollAsync(authorization.Url, cancellationToken));
        }

        return Failures(proven);
    }

    /// <returns>Decided; or pending, with an error that stays.</returns>
    private Task<Authorization> PollAsync(Uri url, CancellationToken cancellationToken)
    {
        long? failing = null;
        return account.PollAuthorizationAsync(url, polled => polled.Status != AuthorizationStatus.Pending || IsHopeless(polled), Patience, cancellationToken);

        bool IsHopeless(Authorization polled)
        {
            failing = polled.Error is null ? null : failing ?? desk.Time.GetTimestamp();
            return failing is { } since && desk.Time.GetElapsedTime(since) >= LongestHope;
        }
    }

    /// <summary>Waits until the order has come back as news: other replicas then read it, too.</summary>
    private async Task SeeAsync(Predicate<OrderRecord> isMeant, CancellationToken cancellationToken)
    {
        try
        {
            await desk.News.UntilAsync(news => news.State.OrderFor(wanted) is { } seen && isMeant(seen), LongestWayOfNews, desk.Time, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new IOException(
                $"what was written to Secret {desk.Options.State} is not read from there within {LongestWayOfNews.TotalSeconds:0} s, so nobody could answer the authority. Is another Secret of that name among the manifests?");
        }
    }

    /// <summary>That which was chosen when it was ordered, if it is offered for all hosts; else another.</summary>
    private ChallengeKind? Kind(List<Authorization> open)
    {
        var offered = OrderableHost.ProvingKinds(wanted.Hosts, wanted.Issuer).Where(kind => open.TrueForAll(one => one.Challenges.Any(challenge => challenge.Kind == kind))).ToList();
        return desk.Book.State.OrderFor(wanted) is { } record && offered.Contains(record.Challenge) ? record.Challenge : offered.Count > 0 ? offered[0] : null;
    }

    private EquatableArray<HostFailure> NotOffered(List<Authorization> open) =>
        [.. open.Select(one => new HostFailure(HostOf(one), $"{wanted.Issuer.Name} offers none of the challenges that are set up for it ({string.Join(", ", wanted.Issuer.Challenges)})"))];

    private EquatableArray<HostFailure> Failures(IEnumerable<Authorization> authorizations) =>
        [.. authorizations.Where(one => one.Status != AuthorizationStatus.Valid).Select(Failure)];

    private HostFailure Failure(Authorization failed) =>
        new(HostOf(failed), failed.Error?.Sentence ?? $"{wanted.Issuer.Name} says that the authorization is {failed.Status.ToString().ToLowerInvariant()}, and not why")
        {
            Type = failed.Error?.Type,
            Challenge = failed.Challenges.FirstOrDefault(challenge => challenge.Error is not null)?.Kind,
        };

    private static string HostOf(Authorization authorization) => authorization.IsWildcard ? $"*.{authorization.Host}" : authorization.Host;

    private List<TxtRecord> RecordsOf(EquatableArray<ChallengeToken> tokens)
    {
        var record = desk.Book.State.AccountOf(wanted.Issuer) ?? throw new StateLostException("an account has gone from it");
        using var key = AccountKey.Read(record.Key);
        return [.. tokens.Select(token => TxtRecord.Of(token.Host, key.Authorize(token.Token)))];
    }

    /// <summary>Also when the term is over: nobody else would.</summary>
    private async Task CleanUpAsync(IDnsHook hook, List<TxtRecord> records)
    {
        using var patience = new CancellationTokenSource(LongestCleaning, desk.Time);
        foreach (var record in records)
        {
            try
            {
                await hook.CleanUpAsync(record, patience.Token);
            }
            catch (Exception failure) when (failure is IOException or OperationCanceledException)
            {
                desk.Log.NotCleanedUp(record.Name, failure.Message);
            }
        }
    }
}
