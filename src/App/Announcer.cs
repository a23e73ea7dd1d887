using IngressController.Cluster;

namespace IngressController.App;

/// <summary>Says in the log that the program listens, and once that it serves.</summary>
/// <param name="addresses">Where it listens; asked after the start, when the system has chosen the ports that it was to choose.</param>
internal sealed class Announcer(Func<ListenAddresses> addresses, IClusterSource source, ILogger<Announcer> log)
{
    private bool isReadySaid;

    public void Listening()
    {
        var (http, admin) = addresses();
        log.Listening(http, admin);
    }

    /// <summary>Has no effect after the first time.</summary>
    public void Ready(Rollout rollout, EquatableArray<Problem> ofSource)
    {
        if (!isReadySaid)
        {
            isReadySaid = true;
            log.Ready(StartupSummary.Describe(
                addresses(), source.Description, rollout.Snapshot, rollout.Translation.Model, [.. ofSource, .. rollout.Translation.Problems]));
        }
    }
}
