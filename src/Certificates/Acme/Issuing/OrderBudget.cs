using IngressController.Cluster;

namespace IngressController.Certificates.Acme.Issuing;

/// <summary>What the limits leave at one moment: orders count when they are made, sets of hosts when their certificate is issued.</summary>
internal sealed class OrderBudget
{
    private readonly Dictionary<string, List<DateTimeOffset>> ordered;
    private readonly Dictionary<(string Issuer, string Set), List<DateTimeOffset>> issued;
    private readonly DateTimeOffset now;

    public OrderBudget(AcmeState state, DateTimeOffset now)
    {
        this.now = now; // what is to come was written while the clock was wrong
        ordered = state.Ordered.Where(order => order.At <= now).GroupBy(order => order.Issuer, order => order.At).ToDictionary(group => group.Key, group => group.Order().ToList());
        issued = state.Issued.Where(issue => issue.At <= now).GroupBy(issue => (issue.Issuer, issue.Set), issue => issue.At).ToDictionary(group => group.Key, group => group.Order().ToList());
    }

    /// <summary>When the next order may be made; the present or earlier: now.</summary>
    public DateTimeOffset Next(Issuer issuer, string set)
    {
        var limits = OrderLimits.Of(issuer);
        var ofIssuer = Next(ordered.GetValueOrDefault(issuer.Name), limits.Orders, limits.Within);
        var ofSet = Next(issued.GetValueOrDefault((issuer.Name, set)), limits.OfSameSet, limits.OfSameSetWithin);
        return ofIssuer > ofSet ? ofIssuer : ofSet;
    }

    /// <summary>An order is made now.</summary>
    public void Take(Issuer issuer)
    {
        if (!ordered.TryGetValue(issuer.Name, out var times))
        {
            ordered[issuer.Name] = times = [];
        }

        times.Add(now);
    }

    /// <summary>Forgets what does not count any more.</summary>
    public static AcmeState Trim(AcmeState state, AcmeOptions options, DateTimeOffset now)
    {
        var limits = options.Issuers.ToDictionary(issuer => issuer.Name, OrderLimits.Of);
        return state with
        {
            Ordered = Last(state.Ordered, order => order.Issuer, order => order.At, limit => (limit.Orders, limit.Within)),
            Issued = Last(state.Issued, issue => issue.Issuer, issue => issue.At, limit => (limit.MostIssued, limit.OfSameSetWithin)),
        };

        EquatableArray<T> Last<T>(EquatableArray<T> all, Func<T, string> issuerOf, Func<T, DateTimeOffset> timeOf, Func<OrderLimits, (int Most, TimeSpan Within)> which) =>
            [.. from one in all
                where limits.ContainsKey(issuerOf(one))
                group one by issuerOf(one) into ofIssuer
                let kept = which(limits[ofIssuer.Key])
                from one in ofIssuer.Where(one => timeOf(one) <= now && now - timeOf(one) < kept.Within).OrderBy(timeOf).TakeLast(kept.Most)
                orderby timeOf(one)
                select one];
    }

    private static DateTimeOffset Next(List<DateTimeOffset>? times, int most, TimeSpan within) =>
        times is null || times.Count < most ? DateTimeOffset.MinValue : times[^most] + within;
}
