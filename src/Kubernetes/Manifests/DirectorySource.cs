using System.Threading.Channels;
using IngressController.Cluster;
using Microsoft.Extensions.Logging;

namespace IngressController.Kubernetes.Manifests;

/// <summary>Reads objects from the manifests under a directory, live: a change is seen within a second.</summary>
public sealed class DirectorySource(string directory, TimeProvider time, ILogger<DirectorySource> logger) : IClusterSource
{
    /// <summary>How often the files' stamps are compared; the truth where the watcher says nothing.</summary>
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(500);

    /// <summary>Between two looks that must see the same, and the least between any two, whatever moves.</summary>
    private static readonly TimeSpan SettleTime = TimeSpan.FromMilliseconds(100);

    // Kept from one run to the next, so that a loop that is started again still knows what it has told.
    private readonly ManifestTree tree = new(directory);
    private ObjectSet told = ObjectSet.Empty;
    private SourceUpdate? last;

    public string Description => $"manifests in {directory}";

    /// <summary>
    /// The loop: look, tell what changed, wait for a hint or half a second. A missing or unreadable directory is a Problem while it
    /// lasts, and what was read before stays; <see cref="SourceUpdate.IsSynced"/> waits until it could be listed once.
    /// </summary>
    public async Task RunAsync(ChannelWriter<SourceUpdate> updates, CancellationToken cancellationToken)
    {
        await Task.Yield();
        using var hint = new ChangeHint(directory);
        try
        {
            while (true)
            {
                var looked = time.GetTimestamp();
                if (TryLook())
                {
                    var update = new SourceUpdate(tree.Objects.ChangesSince(told), tree.Problems, tree.IsRead) { Came = last is null ? null : looked };
                    if (last is null || !update.Changes.IsEmpty || update.Problems != last.Problems || update.IsSynced != last.IsSynced)
                    {
                        await updates.WriteAsync(update, cancellationToken);
                        (told, last) = (tree.Objects, update);
                    }
                }

                await Task.Delay(SettleTime, time, cancellationToken);
                if (!tree.IsUnsettled)
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
            tree.Look();
            return true;
        }
        catch (Exception e)
        {
            Log.LookFailed(logger, directory, e);
            return false;
        }
    }
}
