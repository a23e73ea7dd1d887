using IngressController.Cluster;

namespace IngressController.Certificates.Acme.Issuing;

/// <summary>What is to be done now. Pure, so that every leader does the same.</summary>
/// <param name="Start">Orders to go on with first, then those to begin: renewals, then what is new, of each namespace in turn. Whatever failed comes after what did not.</param>
/// <param name="Abandon">Orders that nobody wants any more.</param>
/// <param name="Next">When there may be more to do, if nothing else happens; null: never.</param>
internal sealed record IssuingPlan(EquatableArray<WantedCertificate> Start, EquatableArray<OrderRecord> Abandon, DateTimeOffset? Next)
{
    /// <summary>Of one issuer.</summary>
    private const int AtOnce = 10;

    /// <summary>Orders of one issuer that are not at their end: more would make the Secret with the state too large.</summary>
    private const int MostKept = 30;

    /// <summary>What is further off was written while the clock was wrong. Authorities ask to leave hosts alone for a week at most; all else is held for an hour.</summary>
    private static readonly TimeSpan LongestFailure = TimeSpan.FromDays(8);
    private static readonly TimeSpan LongestHold = TimeSpan.FromHours(2);

    public static IssuingPlan Of(Situation situation, DateTimeOffset now)
    {
        var pending = situation.State.Orders.DistinctBy(order => order.Secret).ToDictionary(order => order.Secret);
        var draft = new Draft(situation, now);
        var turns = Turns(situation, pending);
        var candidates = from wanted in situation.Wanted
                         let order = pending.GetValueOrDefault(wanted.Secret) is { } known && wanted.IsMeantBy(known) ? known : null
                         let held = situation.Held.GetValueOrDefault(wanted.Secret)
                         let window = held?.Leaf is { } leaf ? situation.Windows.GetValueOrDefault(leaf.Serial) : null
                         let due = order is not null ? RenewalTime.AtOnce : RenewalTime.Of(wanted, held, window)
                         let hasFailed = situation.Pauses.ContainsKey(wanted.Secret) || (order is null && draft.HasFailed(wanted))
                         let isRenewal = held?.Leaf is not null && held.IsFrom(wanted.Issuer)
                         orderby hasFailed, order is not null descending, isRenewal descending, due, turns.GetValueOrDefault(wanted.Secret), wanted.Secret
                         select (Wanted: wanted, Order: order, Due: due);
        foreach (var (wanted, order, due) in candidates)
        {
            draft.Consider(wanted, order, due);
        }

        var isMeant = situation.Wanted.ToDictionary(wanted => wanted.Secret);
        var abandoned = situation.State.Orders.Where(order => !isMeant.TryGetValue(order.Secret, out var wanted) || !wanted.IsMeantBy(order));
        return new([.. draft.Start], [.. abandoned], draft.Next);
    }

    /// <summary>The first of each namespace, then the second of each: one that asks for thousands keeps the others waiting no longer than one that asks for few. What it has under way counts.</summary>
    private static Dictionary<NamespacedName, int> Turns(Situation situation, Dictionary<NamespacedName, OrderRecord> pending)
    {
        var underWay = pending.Keys.Concat(situation.Running.Select(wanted => wanted.Secret)).ToHashSet();
        var before = underWay.CountBy(secret => secret.Namespace).ToDictionary();
        return situation.Wanted.Select(wanted => wanted.Secret).Where(secret => !underWay.Contains(secret) && situation.Held.GetValueOrDefault(secret)?.Leaf is null).Distinct().GroupBy(secret => secret.Namespace)
            .SelectMany(group => group.Order().Select((secret, index) => (Secret: secret, Turn: before.GetValueOrDefault(group.Key) + index))).ToDictionary(item => item.Secret, item => item.Turn);
    }

    /// <summary>One plan in the making.</summary>
    private sealed class Draft(Situation situation, DateTimeOffset now)
    {
        private readonly OrderBudget budget = new(situation.State, now);
        private readonly Dictionary<string, DateTimeOffset> failures = situation.State.Failures.DistinctBy(failure => failure.Host).ToDictionary(failure => failure.Host, failure => Sane(failure.NextTry, LongestFailure, now));
        private readonly HashSet<NamespacedName> busy = [.. situation.Running.Select(wanted => wanted.Secret)];

        /// <summary>Two orders at once for one host would answer for each other's challenges.</summary>
        private readonly HashSet<string> busyHosts = [.. situation.Running.SelectMany(wanted => wanted.Hosts).Select(OrderableHost.Bare)];
        private readonly Dictionary<string, int> busyIssuers = situation.Running.CountBy(wanted => wanted.Issuer.Name).ToDictionary();
        private readonly Dictionary<string, int> kept = situation.State.Orders.Select(order => (order.Secret, order.Issuer)).Union(situation.Running.Select(wanted => (wanted.Secret, Issuer: wanted.Issuer.Name)))
            .CountBy(order => order.Issuer).ToDictionary();

        public List<WantedCertificate> Start { get; } = [];

        public DateTimeOffset? Next { get; private set; }

        public bool HasFailed(WantedCertificate wanted) => wanted.Hosts.Any(failures.ContainsKey);

        /// <param name="order">Null: it would be a new one.</param>
        public void Consider(WantedCertificate wanted, OrderRecord? order, DateTimeOffset due)
        {
            if (busy.Contains(wanted.Secret) || situation.Resting.Contains(wanted.Issuer.Name))
            {
                return; // whoever ends looks again
            }

            if (Earliest(wanted, order, due) is var earliest && earliest > now)
            {
                Next = Next is { } other ? Before(other, earliest) : earliest;
                return;
            }

            var working = busyIssuers.GetValueOrDefault(wanted.Issuer.Name);
            var isBlocked = working >= (situation.InTrouble.Contains(wanted.Issuer.Name) ? 1 : AtOnce)
                || (order is null && kept.GetValueOrDefault(wanted.Issuer.Name) >= MostKept)
                || wanted.Hosts.Any(host => busyHosts.Contains(OrderableHost.Bare(host)));
            if (!isBlocked)
            {
                Take(wanted, order);
            }
        }

        private void Take(WantedCertificate wanted, OrderRecord? order)
        {
            Start.Add(wanted);
            busy.Add(wanted.Secret);
            busyHosts.UnionWith(wanted.Hosts.Select(OrderableHost.Bare));
            busyIssuers[wanted.Issuer.Name] = busyIssuers.GetValueOrDefault(wanted.Issuer.Name) + 1;
            if (order is null)
            {
                kept[wanted.Issuer.Name] = kept.GetValueOrDefault(wanted.Issuer.Name) + 1;
                budget.Take(wanted.Issuer);
            }
        }

        private DateTimeOffset Earliest(WantedCertificate wanted, OrderRecord? order, DateTimeOffset due)
        {
            var isOrdered = order?.Url is not null;
            var hold = situation.Holds.GetValueOrDefault(wanted.Issuer.Name) is { } held && !(held.LimitsOrders && isOrdered) ? Sane(held.Until, LongestHold, now) : due;
            var pause = Sane(situation.Pauses.GetValueOrDefault(wanted.Secret), LongestHold, now);
            if (order is not null)
            {
                return Latest(due, hold, pause);
            }

            var failed = wanted.Hosts.Select(host => failures.GetValueOrDefault(host)).Max();
            return Latest(due, hold, pause, failed, due > now ? due : budget.Next(wanted.Issuer, OrderLimits.SetOf(wanted.Hosts)));
        }

        private static DateTimeOffset Sane(DateTimeOffset moment, TimeSpan longest, DateTimeOffset now) => moment - now > longest ? DateTimeOffset.MinValue : moment;

        private static DateTimeOffset Before(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

        private static DateTimeOffset Latest(params ReadOnlySpan<DateTimeOffset> moments)
        {
            var latest = DateTimeOffset.MinValue;
            foreach (var moment in moments)
            {
                latest = moment > latest ? moment : latest;
            }

            return latest;
        }
    }
}
