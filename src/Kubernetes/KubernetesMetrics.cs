using System.Diagnostics.Metrics;
using IngressController.Cluster;

namespace IngressController.Kubernetes;

/// <summary>How it goes with the API server.</summary>
public sealed class KubernetesMetrics
{
    public const string MeterName = "ingress.kubernetes";

    private const int NoCandidate = -1;

    private readonly Counter<long> watchRestarts;
    private volatile int leader = NoCandidate;

    public KubernetesMetrics(IMeterFactory factory)
    {
        var meter = factory.Create(MeterName);
        watchRestarts = meter.CreateCounter<long>("ingress.watch.restarts", "{restart}", "Watches that ended and were begun again; the API server ends each after some minutes");
        meter.CreateObservableGauge("ingress.leader", ObserveLeader, description: "1 where this replica is the one that writes to the cluster, 0 where it stands by");
    }

    internal void WatchRestarts(ResourceKind kind, WatchEnd reason) =>
        watchRestarts.Add(1, new("kind", Words.Of(kind)), new("reason", Words.Of(reason)));

    internal void StandsBy() => leader = 0;

    internal void Leads() => leader = 1;

    private IEnumerable<Measurement<int>> ObserveLeader() => leader is not NoCandidate and var now ? [new(now)] : [];

    private static class Words
    {
        private static readonly string[] Kinds = Enum.GetNames<ResourceKind>();
        private static readonly string[] Reasons = [.. Enum.GetNames<WatchEnd>().Select(System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName)];

        public static string Of(ResourceKind kind) => Kinds[(int)kind];

        public static string Of(WatchEnd reason) => Reasons[(int)reason];
    }
}

/// <summary>Why a list or watch has ended. The set is closed: it is a label of a metric.</summary>
internal enum WatchEnd
{
    /// <summary>The API server has ended it in good order, as it does every few minutes.</summary>
    Ended,

    /// <summary>Nothing came, not even a sign of life.</summary>
    Silent,

    /// <summary>The API server no longer knows the position: everything is listed again.</summary>
    Expired,

    /// <summary>401 or 403.</summary>
    Refused,

    /// <summary>The API server answered with another error.</summary>
    Failed,

    /// <summary>No connection, or one that broke.</summary>
    Disconnected,

    /// <summary>A bug of ours.</summary>
    Bug,
}
