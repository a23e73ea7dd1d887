using System.Threading.Channels;
using IngressController.Cluster;
using Microsoft.Extensions.Logging;

namespace IngressController.Kubernetes.Manifests;

/// <summary>Reads objects from the manifests under a directory, live: a change is seen within a second.</summary>
/// <param name="state">A <see cref="StateDirectory"/>, which is read too; null: none.</param>
public sealed class DirectorySource(string directory, string? state, TimeProvider time, ILogger<DirectorySource> logger) : IClusterSource
{
    /// <summary>How often the files' stamps are compared; the truth where the watcher says nothing.</summary>
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(500);

    /// <summary>Between two looks that must see the same, and the least between any two, whatever moves.</summary>
    private static readonly TimeSpan SettleTime = TimeSpan.FromMilliseconds(100);

    // Kept from one run to the next, so that a loop that is started again still knows what it has told.
    private readonly ManifestTrees trees = new(directory, state);
    private ObjectSet told = ObjectSet.Empty;
    private SourceUpdate? last;

    public string Description => $"manifests in {directory}" + (state is null ? "" : $", state in {state}");

    /// <summary>
    /// The loop: look, tell what changed, wait for a hint or half a second. A missing or unreadable directory is a Problem while it
    /// lasts, and what was read before stays; <see cref="SourceUpdate.IsSynced"/> waits until it could be listed once.
    /// </summary>
    public async Task RunAsync(ChannelWriter<SourceUpdate> updates, CancellationToken cancellationToken)
    {
        await Task.Yield();
        using var hint = new ChangeHint(directory); // what we keep is seen by looking now and then
        try
        {
            while (true)
            {
                var looked = time.GetTimestamp();
                if (TryLook())
                {
                    var update = new SourceUpdate(trees.Objects.ChangesSince(told), trees.Problems, trees.IsRead) { Came = last is null ? null : looked };
                    if (last is null || !update.Changes.IsEmpty || update.Problems != last.Problems || update.IsSynced != last.IsSynced)
                    {
                        await updates.WriteAsync(update, cancellationToken);
                        (told, last) = (trees.Objects, update);
                    }
                }

                await Task.Delay(SettleTime, time, cancellationToken);
                if (!trees.IsUnsettled)
                {
                    await hint.WaitAsync(PollInterval - SettleTime, time, cancellationToken);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
    }

    /// <summary>Trouble with files is a Problem; anything else is a bug, which must not stop the news for good.</summary>
    private bool TryLook()
    {
        try
        {
            trees.Look();
            return true;
        }
        catch (Exception e)
        {
            Log.LookFailed(logger, directory, e);
            return false;
        }
    }
}
