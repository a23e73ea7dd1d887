using System.ComponentModel;
using IngressController.App.Health;
using IngressController.Certificates.Acme.Issuing;
using IngressController.Cluster;
using IngressController.Proxy.Observing.Traffic;

namespace IngressController.App.Dashboard.Api;

/// <summary>What somebody wants to know first.</summary>
internal sealed record Overview(
    [property: Description("Of the controller")] string Version,
    [property: Description("Where objects come from: a cluster, or a directory")] string Source,
    [property: Description("When the program was started")] DateTimeOffset StartedAt,
    [property: Description("As /readyz says")] bool Ready,
    [property: Description("Why it is not ready, in one line")] string? Obstacle,
    [property: Description("Null where nothing is written, because manifests are read")] Leader? Leader,
    [property: Description("When the configuration was applied that is served; null before the first one")] DateTimeOffset? AppliedAt,
    [property: Description("How much there is of what")] Counts Counts,
    [property: Description("Certificates that Ingresses ask for by ACME; null where none are obtained")] OrderCounts? Orders,
    [property: Description("How many stand")] ProblemCounts Problems,
    [property: Description("What goes on just now")] Traffic Traffic,
    [property: Description("The last five minutes, one point for every two seconds, oldest first; in events only the newest point")] IReadOnlyList<TrafficHistory> History);

internal sealed record Leader(
    [property: Description("The replica that holds the Lease, as this one has last read it; empty: nobody yet")] string Identity,
    [property: Description("It is this replica, which writes to the cluster")] bool IsLeader);

internal sealed record Counts(
    [property: Description("Those that are served; others may belong to other controllers")] int Ingresses,
    [property: Description("Of rules, each once")] int Hosts,
    [property: Description("Paths and default backends of all hosts")] int Routes,
    [property: Description("Ports of Services as routes use them, each once for every policy")] int Backends,
    [property: Description("Addresses behind all backends")] int Destinations,
    [property: Description("Secrets that are named for their certificates and are there, broken ones among them")] int Certificates);

internal sealed record OrderCounts(
    [property: Description("They are there")] int Issued,
    [property: Description("Waiting, ordered or proving")] int Pending,
    [property: Description("The last order did, and it is tried again")] int Failed,
    [property: Description("They are not ordered at all")] int Refused)
{
    public static OrderCounts Of(IReadOnlyCollection<AcmeStatus> orders)
    {
        var of = orders.CountBy(order => order.Stage).ToDictionary();
        return new(of.GetValueOrDefault(AcmeStage.Issued), orders.Count(order => order.Stage is AcmeStage.Waiting or AcmeStage.Ordered or AcmeStage.Proving), of.GetValueOrDefault(AcmeStage.Failed), of.GetValueOrDefault(AcmeStage.Refused));
    }
}

internal sealed record ProblemCounts([property: Description("Something is not served")] int Error, [property: Description("Everything is served, but not quite as asked for")] int Warning);

internal sealed record Traffic(
    [property: Description("A second, in the last 10 seconds")] double Requests,
    [property: Description("Answered 4xx, a second, in the last 10 seconds")] double ClientErrors,
    [property: Description("Answered 5xx, a second, in the last 10 seconds")] double ServerErrors,
    [property: Description("Milliseconds, in the last 60 seconds")] double? P50,
    [property: Description("Milliseconds, in the last 60 seconds")] double? P99,
    [property: Description("Requests under way to routes")] int Active,
    [property: Description("Open connections of clients, idle ones among them")] int Connections);

internal sealed record TrafficHistory(
    [property: Description("The beginning of the two seconds")] DateTimeOffset Time,
    [property: Description("A second")] double Requests,
    [property: Description("Answered 4xx, a second")] double ClientErrors,
    [property: Description("Answered 5xx, a second")] double ServerErrors,
    [property: Description("Milliseconds that half of the requests stayed below; null where there was none")] double? P50,
    [property: Description("Milliseconds that 99 of 100 requests stayed below; null where there was none")] double? P99);

/// <summary>Makes overviews.</summary>
/// <param name="issuing">Null where no certificates are obtained.</param>
internal sealed class OverviewSource(
    Views views,
    TrafficBook traffic,
    IClusterSource source,
    Readiness readiness,
    TimeProvider time,
    Leadership? leadership = null,
    AcmeIssuing? issuing = null)
{
    private static readonly TimeSpan RateSpan = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan DurationSpan = TimeSpan.FromSeconds(60);

    private readonly DateTimeOffset startedAt = time.GetUtcNow();

    public Overview Whole() => Make([.. traffic.History().Select(Point)]);

    /// <summary>With the newest point only.</summary>
    public Overview Latest() => Make([Point(traffic.Newest())]);

    private Overview Make(IReadOnlyList<TrafficHistory> history)
    {
        var view = views.Now;
        var errors = view.Problems.Count(problem => problem.Severity == Severity.Error);
        return new(
            AppVersion.Text,
            source.Description,
            startedAt,
            readiness.Obstacle is null,
            readiness.Obstacle,
            leadership?.Now,
            view.State.Translation is null ? null : view.State.AppliedAt,
            view.Counts,
            issuing is null ? null : OrderCounts.Of(issuing.Statuses),
            new(errors, view.Problems.Count - errors),
            Now(),
            history);
    }

    private Traffic Now()
    {
        var (rates, durations) = (traffic.Last(RateSpan), traffic.Last(DurationSpan));
        return new(
            ApiJson.Round(rates.Requests), ApiJson.Round(rates.ClientErrors), ApiJson.Round(rates.ServerErrors),
            ApiJson.Round(durations.P50), ApiJson.Round(durations.P99), traffic.Routes.Sum(route => route.Active), traffic.Connections);
    }

    private static TrafficHistory Point(TrafficPoint point) => new(
        point.Time, ApiJson.Round(point.Sum.Requests), ApiJson.Round(point.Sum.ClientErrors), ApiJson.Round(point.Sum.ServerErrors), ApiJson.Round(point.Sum.P50), ApiJson.Round(point.Sum.P99));
}
