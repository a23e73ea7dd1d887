namespace IngressController.Testing.ApiServer.Reading;

/// <summary>What a test does to all watches at once.</summary>
internal sealed class Streams
{
    private TaskCompletionSource dropped = NewSignal();
    private TaskCompletionSource bookmark = NewSignal();
    private TaskCompletionSource flowing = NewSignal();
    private int open;

    public Streams() => flowing.SetResult();

    /// <summary>How many watches are open.</summary>
    public int Open => Volatile.Read(ref open);

    public Task Dropped => Volatile.Read(ref dropped).Task;

    public Task Bookmark => Volatile.Read(ref bookmark).Task;

    public Task Flowing => Volatile.Read(ref flowing).Task;

    public void Drop() => Interlocked.Exchange(ref dropped, NewSignal()).SetResult();

    public void SendBookmarks() => Interlocked.Exchange(ref bookmark, NewSignal()).SetResult();

    public void Stall()
    {
        if (Flowing.IsCompleted)
        {
            Volatile.Write(ref flowing, NewSignal());
        }
    }

    public void Resume() => Volatile.Read(ref flowing).TrySetResult();

    public void Opened() => Interlocked.Increment(ref open);

    public void Closed() => Interlocked.Decrement(ref open);

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
