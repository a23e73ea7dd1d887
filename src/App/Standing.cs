using IngressController.Cluster;
using IngressController.Routing.Translation;

namespace IngressController.App;

/// <summary>What stands at the moment, for whoever looks from outside (metrics, dashboard). Written by the control loop, read by all.</summary>
internal sealed class Standing
{
    private volatile State now = new(ClusterSnapshot.Empty, null, null, DateTimeOffset.MinValue);

    public State Now => now;

    /// <param name="at">The present.</param>
    public void Note(ClusterSnapshot snapshot, Translation translation, ProblemList problems, DateTimeOffset at) =>
        now = new(snapshot, translation, problems, now.Translation is not null && now.Snapshot == snapshot ? now.AppliedAt : at);

    /// <param name="Translation">What is served; null before the first configuration is applied.</param>
    /// <param name="Problems">Null before the first configuration is applied.</param>
    /// <param name="AppliedAt">When the last change was applied.</param>
    internal sealed record State(ClusterSnapshot Snapshot, Translation? Translation, ProblemList? Problems, DateTimeOffset AppliedAt)
    {
        /// <summary>Nothing has changed but the time at which it was looked at.</summary>
        public bool IsAs(State other) => ReferenceEquals(Snapshot, other.Snapshot) && ReferenceEquals(Translation, other.Translation) && (Problems is null || Problems.SaysAs(other.Problems));
    }
}
