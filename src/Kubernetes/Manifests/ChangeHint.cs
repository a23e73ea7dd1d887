using System.Threading.Channels;

namespace IngressController.Kubernetes.Manifests;

/// <summary>Wakes the reader when something moves under the directory. Only a hint: it misses links that swap, and may fail to watch at all.</summary>
internal sealed class ChangeHint(string directory) : IDisposable
{
    private readonly Channel<bool> hints = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private FileSystemWatcher? watcher;

    /// <summary>Returns at a hint, or after that time.</summary>
    public async Task WaitAsync(TimeSpan atMost, TimeProvider time, CancellationToken cancellationToken)
    {
        EnsureWatching();
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(hints.Reader.WaitToReadAsync(timeout.Token).AsTask(), Task.Delay(atMost, time, timeout.Token));
        await timeout.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
        hints.Reader.TryRead(out _);
    }

    public void Dispose() => watcher?.Dispose();

    /// <summary>The directory may not be there yet, or no more watches may be left: then looking now and then must do.</summary>
    private void EnsureWatching()
    {
        if (watcher is not null || !Directory.Exists(directory))
        {
            return;
        }

        FileSystemWatcher? candidate = null;
        try
        {
            candidate = new FileSystemWatcher(directory) { IncludeSubdirectories = true }; // throws where the directory has just gone
            candidate.Created += (_, _) => Wake();
            candidate.Changed += (_, _) => Wake();
            candidate.Renamed += (_, _) => Wake();
            candidate.Deleted += (_, _) => Wake();
            candidate.Error += (_, _) => Wake();
            candidate.EnableRaisingEvents = true;
            watcher = candidate;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            candidate?.Dispose();
        }
    }

    private void Wake() => hints.Writer.TryWrite(true);
}
