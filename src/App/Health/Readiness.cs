namespace IngressController.App.Health;

/// <summary>Whether new connections should be sent to this replica. Starts unready, becomes ready once, ends once.</summary>
/// <param name="begun">Told at the beginning, before the probes are.</param>
internal sealed class Readiness(Action? begun = null)
{
    private const string Starting = "starting: the first whole configuration is not applied yet";
    private const string Stopping = "shutting down";

    private string? obstacle = Starting;

    /// <summary>Why not, in one line; null when ready.</summary>
    public string? Obstacle => Volatile.Read(ref obstacle);

    /// <summary>Has no effect after <see cref="End"/>.</summary>
    public void Begin()
    {
        begun?.Invoke();
        Interlocked.CompareExchange(ref obstacle, null, Starting);
    }

    public void End() => Volatile.Write(ref obstacle, Stopping);
}
