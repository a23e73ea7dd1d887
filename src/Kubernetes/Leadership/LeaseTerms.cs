using IngressController.Cluster;

namespace IngressController.Kubernetes.Leadership;

/// <summary>Which Lease the replicas compete for, who this one is, and how long things take. The times are client-go's.</summary>
/// <param name="Identity">Unique for each process, so that nobody takes another's lease for its own.</param>
public sealed record LeaseTerms(NamespacedName Lease, string Identity)
{
    /// <summary>How long the others wait after the last sign of life before they take the lease.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long the leader goes on without a successful renewal. Shorter than the duration, so that it has stopped before another begins.</summary>
    public TimeSpan RenewDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Between two tries; those who do not lead wait up to 1.2 times as long again, by chance, so that they do not come together.</summary>
    public TimeSpan RetryPeriod { get; init; } = TimeSpan.FromSeconds(2);
}
