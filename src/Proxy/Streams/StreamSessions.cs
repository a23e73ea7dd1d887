using Microsoft.Extensions.Logging;

namespace IngressController.Proxy.Streams;

/// <summary>Everything that is carried at the moment, whether its port is still open or not.</summary>
internal sealed class StreamSessions(int most, ILogger logger) : IDisposable
{
    private readonly CancellationTokenSource cut = new();
    private readonly TaskCompletionSource drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int carried;
    private int running = 1; // with what listens; one more until the drain begins

    /// <summary>Ends what has not finished by itself.</summary>
    public CancellationToken Cut => cut.Token;

    /// <summary>Runs what starts sessions, in the background. The drain waits for its end, so that none begins after it.</summary>
    public void Listen(Func<Task> listen)
    {
        Interlocked.Increment(ref running);
        _ = RunAsync(listen);
    }

    /// <summary>Carries a session in the background.</summary>
    /// <returns>Whether there was room for it.</returns>
    public bool TryStart(Func<Task> carry)
    {
        if (Interlocked.Increment(ref carried) > most && most > 0)
        {
            Interlocked.Decrement(ref carried);
            return false;
        }

        Interlocked.Increment(ref running);
        _ = CarryAsync(carry);
        return true;
    }

    /// <summary>Call it once, when nothing new can come.</summary>
    public async Task DrainAsync(CancellationToken giveUp)
    {
        End();
        await using var end = giveUp.UnsafeRegister(static cut => ((CancellationTokenSource)cut!).Cancel(), cut);
        await drained.Task;
    }

    public void Dispose() => cut.Dispose();

    private async Task CarryAsync(Func<Task> carry)
    {
        await RunAsync(carry);
        Interlocked.Decrement(ref carried);
    }

    private async Task RunAsync(Func<Task> run)
    {
        try
        {
            await run();
        }
        catch (Exception failure)
        {
            Log.StreamFailed(logger, failure);
        }

        End();
    }

    private void End()
    {
        if (Interlocked.Decrement(ref running) == 0)
        {
            drained.TrySetResult();
        }
    }
}
