using System.Threading.Channels;
using IngressController.Certificates.Acme.Issuing;
using IngressController.Cluster;
using IngressController.Kubernetes.Events;
using IngressController.Kubernetes.Leadership;
using IngressController.Kubernetes.Status;

namespace IngressController.App;

/// <summary>
/// What the controller tells the cluster: the status of Ingresses, Events about problems, and the certificates that it obtains. Every replica follows the news, only the leader writes. Works at its
/// own pace beside the control loop.
/// </summary>
internal sealed class ClusterWriter(
    LeaderElection election, StatusWriter status, EventWriter events, TimeProvider time, ILogger<ClusterWriter> log, AcmeIssuing? issuing = null) : BackgroundService
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    private readonly Channel<State> states = Channel.CreateBounded<State>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });

    /// <summary>What the data plane serves now; states that are superseded before they are looked at are passed over.</summary>
    public void Note(ClusterSnapshot snapshot, ProblemList problems) => states.Writer.TryWrite(new(snapshot.WithoutEndpoints(), problems));

    /// <summary>Nobody leads who does not serve yet.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await states.Reader.WaitToReadAsync(stoppingToken);
        await Task.WhenAll(FollowAsync(stoppingToken), election.RunAsync(LeadAsync, stoppingToken));
    }

    /// <summary>If a bug ends one of them, the others end too: then the term is over and said to be, instead of half of it going on unnoticed.</summary>
    private async Task LeadAsync(CancellationToken term)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(term);
        Task[] all = [status.RunAsync(end.Token), events.RunAsync(end.Token), .. issuing is null ? [] : new[] { issuing.RunAsync(end.Token) }];
        await Task.WhenAny(all);
        await end.CancelAsync();
        await Task.WhenAll(all);
    }

    /// <summary>What can happen here: something has changed; or the program ends.</summary>
    private async Task FollowAsync(CancellationToken stop)
    {
        State? told = null;
        await foreach (var state in states.Reader.ReadAllAsync(stop))
        {
            if (state.SaysAs(told))
            {
                told = state;
                continue;
            }

            try
            {
                status.Note(state.Snapshot, state.Problems.Translation.Ingresses);
                events.Note(state.Problems.All, state.Snapshot);
                told = state;
            }
            catch (Exception failure)
            {
                log.FollowFailed(failure);
            }

            await Task.Delay(Pace, time, stop);
        }
    }

    /// <param name="Snapshot">Without endpoints, which change every moment and are in no status and no Event but by the problems that they make.</param>
    private sealed record State(ClusterSnapshot Snapshot, ProblemList Problems)
    {
        public bool SaysAs(State? other) => other is not null && Problems.SaysAs(other.Problems) && Snapshot == other.Snapshot;
    }
}
