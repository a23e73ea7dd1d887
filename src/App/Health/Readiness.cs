namespace IngressController.App.Health;

/// <summary>Whether new connections should be sent to this replica. Starts unready, becomes ready once, ends once.</summary>
internal sealed class Readiness
{
    private const string Starting = "starting: the first whole configuration is not applied yet";
    private const string Stopping = "shutting down";

    private string? obstacle = Starting;

    /// <summary>Why not, in one line; null when ready.</summary>
    public string? Obstacle => Volatile.Read(ref obstacle);

    /// <summary>The first whole configuration has not been applied yet.</summary>
    public bool IsStarting => ReferenceEquals(Obstacle, Starting);

    /// <summary>Has no effect after <see cref="End"/>.</summary>
    public void Begin() => Interlocked.CompareExchange(ref obstacle, null, Starting);

    public void End() => Volatile.Write(ref obstacle, Stopping);
}
