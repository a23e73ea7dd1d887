using IngressController.Kubernetes.Wire;

namespace IngressController.Kubernetes.Leadership;

/// <summary>
/// What one candidate knows about the lease, and what follows. The times in the lease are for people: whether it has run out is measured from the moment at which
/// this process saw it change, on its own monotonic clock, so clocks that differ do not matter. Does no I/O.
/// </summary>
internal sealed class Candidacy(LeaseTerms terms, TimeProvider time)
{
    private volatile Lease? seen;
    private long seenAt;

    public bool IsLeader => seen?.Spec.HolderIdentity == terms.Identity;

    /// <summary>Empty where nobody holds it.</summary>
    public string Holder => seen?.Spec.HolderIdentity ?? "";

    /// <summary>The lease is this candidate's, nobody's, or has run out.</summary>
    public bool MayTake => IsLeader || Holder.Length == 0 || time.GetElapsedTime(seenAt) >= SeenDuration;

    /// <summary>What is left of the deadline for the next renewal, not negative: timers take -1 ms for never. For a leader.</summary>
    public TimeSpan TimeLeft => terms.RenewDeadline - time.GetElapsedTime(seenAt) is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    private TimeSpan SeenDuration => seen?.Spec.LeaseDurationSeconds is { } seconds and > 0 ? TimeSpan.FromSeconds(seconds) : terms.Duration;

    /// <summary>The lease as it was read.</summary>
    public void Read(Lease lease)
    {
        if (seen is null || !seen.Spec.Says(lease.Spec))
        {
            seenAt = time.GetTimestamp();
        }

        seen = lease;
    }

    /// <summary>This candidate's own write was accepted.</summary>
    /// <param name="sentAt">When it was sent: the others may have seen it as early as that.</param>
    public void Wrote(Lease lease, long sentAt) => (seen, seenAt) = (lease, sentAt);

    /// <summary>There is no lease: somebody has deleted it, or it never was.</summary>
    public void Lost() => seen = null;

    /// <summary>The lease to be written in order to take it or to renew it.</summary>
    public Lease Bid()
    {
        var now = WritingContext.Time(time.GetUtcNow());
        var old = seen?.Spec ?? new();
        return (seen ?? New()) with
        {
            Spec = old with
            {
                HolderIdentity = terms.Identity,
                LeaseDurationSeconds = (int)terms.Duration.TotalSeconds,
                AcquireTime = IsLeader ? old.AcquireTime : now,
                RenewTime = now,
                LeaseTransitions = seen is null ? 0 : Transitions(old.LeaseTransitions ?? 0),
            },
        };
    }

    /// <summary>The lease to be written in order to give it up, so that another may take it at once.</summary>
    public Lease Release()
    {
        var now = WritingContext.Time(time.GetUtcNow());
        return seen! with { Spec = seen.Spec with { HolderIdentity = "", LeaseDurationSeconds = 1, AcquireTime = now, RenewTime = now } };
    }

    /// <summary>The API server takes no negative number.</summary>
    private int Transitions(int before) => IsLeader ? before : before == int.MaxValue ? 0 : before + 1;

    private Lease New() => new() { Metadata = new() { Name = terms.Lease.Name, Namespace = terms.Lease.Namespace } };
}
