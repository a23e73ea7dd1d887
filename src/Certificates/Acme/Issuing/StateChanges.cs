using IngressController.Cluster;

namespace IngressController.Certificates.Acme.Issuing;

/// <summary>Questions to the state, and changes of it. Pure.</summary>
internal static class StateChanges
{
    /// <summary>A Secret takes a million; accounts and orders need the rest.</summary>
    private const int MostBytes = 700_000;
    private const int LongestCause = 600;

    /// <summary>What ends is told for so long still: whether it is over is found out only by trying.</summary>
    private static readonly TimeSpan HoldsOn = TimeSpan.FromMinutes(5);

    public static bool IsOf(this AccountRecord account, Issuer issuer) => account.Issuer == issuer.Name && account.Directory == issuer.Directory;

    public static AccountRecord? AccountOf(this AcmeState state, Issuer issuer) => state.Accounts.FirstOrDefault(account => account.IsOf(issuer));

    /// <returns>Null: nothing is ordered for it.</returns>
    public static OrderRecord? OrderFor(this AcmeState state, WantedCertificate wanted) => state.Orders.FirstOrDefault(wanted.IsMeantBy);

    public static AcmeState WithOrders(this AcmeState state, Func<OrderRecord, bool> which, Func<OrderRecord, OrderRecord> change) =>
        state with { Orders = [.. state.Orders.Select(order => which(order) ? change(order) : order)] };

    /// <summary>Nobody waits for it any more.</summary>
    public static bool IsOver(this HoldRecord hold, DateTimeOffset now) => now - hold.Until >= HoldsOn;

    /// <summary>An order is made now, in the place of another for the same Secret if there is one.</summary>
    public static AcmeState Begin(this AcmeState state, OrderRecord order, AcmeOptions options, DateTimeOffset now)
    {
        var next = state.Without(order.Secret).Aged([.. order.Hosts], options, now).Count(order, options, now);
        return next with { Orders = [.. next.Orders, order] };
    }

    /// <summary>One more order counts for the limits.</summary>
    public static AcmeState Count(this AcmeState state, OrderRecord order, AcmeOptions options, DateTimeOffset now) =>
        OrderBudget.Trim(state with { Ordered = [.. state.Ordered, new(order.Issuer, now)] }, options, now);

    /// <summary>One more certificate counts for the limits, wherever it goes.</summary>
    public static AcmeState CountIssued(this AcmeState state, WantedCertificate wanted, AcmeOptions options, DateTimeOffset now) =>
        OrderBudget.Trim(state with { Issued = [.. state.Issued, new(wanted.Issuer.Name, OrderLimits.SetOf(wanted.Hosts), now)] }, options, now);

    public static AcmeState Without(this AcmeState state, NamespacedName secret) => state with { Orders = [.. state.Orders.Where(order => order.Secret != secret)] };

    /// <summary>The certificate is where it belongs.</summary>
    public static AcmeState Issued(this AcmeState state, WantedCertificate wanted, AcmeOptions options, DateTimeOffset now)
    {
        var next = state.Without(wanted.Secret).CountIssued(wanted, options, now).Aged([], options, now);
        return next with
        {
            Failures = [.. next.Failures.Where(failure => !wanted.Hosts.Contains(failure.Host))],
            Holds = [.. next.Holds.Where(hold => hold.Issuer != wanted.Issuer.Name || (hold.LimitsOrders && hold.Until > now))],
        };
    }

    /// <summary>The order is over. Where there is no room, those go that may be tried again anyway; where that is not enough, what is new is not written down: nobody loses the time that he has to wait.</summary>
    /// <param name="least">They are not tried again before this.</param>
    /// <param name="chance">From 0 to 1.</param>
    public static AcmeState Failed(this AcmeState state, WantedCertificate wanted, EquatableArray<HostFailure> failed, TimeSpan least, double chance, DateTimeOffset now)
    {
        var (hosts, before) = (failed.Select(failure => failure.Host).ToHashSet(), state.Failures.DistinctBy(failure => failure.Host).ToDictionary(failure => failure.Host));
        var failures = failed.Select(failure =>
        {
            var count = (before.TryGetValue(failure.Host, out var known) ? known.Count : 0) + 1;
            var pause = Backoff.OfHost(count, chance);
            return new FailureRecord(failure.Host, count, now + (pause > least ? pause : least), failure.Cause.Length > LongestCause ? failure.Cause[..LongestCause] : failure.Cause)
            {
                Type = failure.Type,
                Challenge = failure.Challenge,
            };
        });
        var (left, others) = (state.Without(wanted.Secret), state.Failures.Where(failure => !hosts.Contains(failure.Host)).ToList());
        var waiting = others.FindAll(failure => failure.NextTry > now);
        var all = left with { Failures = [.. others, .. failures] };
        var fewer = left with { Failures = [.. waiting, .. failures] };
        return all.Size() <= MostBytes ? all : fewer.Size() <= MostBytes ? fewer : left with { Failures = [.. waiting] };
    }

    public static AcmeState Hold(this AcmeState state, HoldRecord hold) => state with { Holds = [.. state.Holds.Where(other => other.Issuer != hold.Issuer), hold] };

    /// <summary>Forgets what nobody has wanted for long.</summary>
    public static AcmeState Tidy(this AcmeState state, WantedCertificates wanted, AcmeOptions options, DateTimeOffset now) =>
        state.Aged(wanted.All.SelectMany(certificate => certificate.Hosts).ToHashSet(), options, now);

    /// <summary>Forgets what time has ended: limits, and failures of hosts that might have been tried again since yesterday.</summary>
    /// <param name="keep">Hosts whose failures stay.</param>
    private static AcmeState Aged(this AcmeState state, HashSet<string> keep, AcmeOptions options, DateTimeOffset now) => OrderBudget.Trim(state, options, now) with
    {
        Failures = [.. state.Failures.Where(failure => keep.Contains(failure.Host) || now - failure.NextTry < TimeSpan.FromDays(1))],
        Holds = [.. state.Holds.Where(hold => !hold.IsOver(now))],
    };
}

/// <summary>A host that could not be proven, or for which nothing is issued.</summary>
/// <param name="Host">As it is wanted.</param>
/// <param name="Cause">For people.</param>
internal sealed record HostFailure(string Host, string Cause)
{
    /// <inheritdoc cref="FailureRecord.Type"/>
    public string? Type { get; init; }

    /// <inheritdoc cref="FailureRecord.Challenge"/>
    public ChallengeKind? Challenge { get; init; }
}
