using System.ComponentModel;
using IngressController.Proxy.Observing.Traffic;

namespace IngressController.App.Dashboard.Api;

/// <summary>By what traffic is added up.</summary>
internal enum TopKind
{
    Host,
    Ingress,
    Service,
}

internal sealed record TopItem(
    [property: Description("A host of a rule (* for rules without one), or namespace and name of an Ingress, or those of a Service with its port")] string Name,
    [property: Description("A second, in the last 15 to 30 seconds")] double Requests,
    [property: Description("Answered 4xx, a second")] double ClientErrors,
    [property: Description("Answered 5xx, a second")] double ServerErrors,
    [property: Description("Milliseconds, in the last 15 to 30 seconds")] double? P50,
    [property: Description("Milliseconds, in the last 15 to 30 seconds")] double? P99,
    [property: Description("Requests under way")] int Active);

/// <summary>Where the traffic goes, the busiest first.</summary>
internal sealed class TopList(TrafficBook traffic, TimeProvider time)
{
    public static string[] Parameters { get; } = ["by", "limit"];

    /// <summary>Only what has had a request since the configuration has it.</summary>
    /// <exception cref="BadQueryException"/>
    public Page<TopItem> Find(IQueryCollection parameters)
    {
        var query = new QueryText(parameters, Parameters);
        var (now, by, limit) = (time.GetUtcNow(), query.Word<TopKind>("by") ?? TopKind.Host, PageQuery.Read(query).Limit);
        var groups = traffic.Routes.GroupBy(route => NameOf(route.Key, by)).Where(group => group.Key.Length > 0).ToList();
        var top = groups.OrderByDescending(group => group.Sum(route => route.Rate(now))).ThenBy(group => group.Key, StringComparer.Ordinal).Take(limit);
        return new(groups.Count, [.. top.Select(group => Item(group.Key, group, now))]);
    }

    private static TopItem Item(string name, IEnumerable<RouteTraffic> routes, DateTimeOffset now)
    {
        var sum = new TrafficSum();
        foreach (var route in routes)
        {
            route.AddTo(sum, now);
        }

        return new(
            name, ApiJson.Round(sum.Requests), ApiJson.Round(sum.ClientErrors), ApiJson.Round(sum.ServerErrors), ApiJson.Round(sum.P50), ApiJson.Round(sum.P99), sum.Active);
    }

    private static string NameOf(TrafficKey key, TopKind by) => by switch
    {
        TopKind.Host => key.Host.ToString(),
        TopKind.Ingress => key.Ingress,
        _ => key.Service,
    };
}
