using Microsoft.Extensions.Logging;

namespace IngressController.Proxy.Streams;

/// <summary>Everything that is carried at the moment, whether its port is still open or not.</summary>
internal sealed class StreamSessions(int most, ILogger logger) : IDisposable
{
    private readonly CancellationTokenSource cut = new();
    private readonly TaskCompletionSource drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int count = 1; // the ports themselves, until the drain begins

    /// <summary>Ends what has not finished by itself.</summary>
    public CancellationToken Cut => cut.Token;

    /// <summary>Carries a session in the background.</summary>
    /// <returns>Whether there was room for it.</returns>
    public bool TryStart(Func<Task> carry)
    {
        if (Interlocked.Increment(ref count) - 1 > most && most > 0)
        {
            End();
            return false;
        }

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
        try
        {
            await carry();
        }
        catch (Exception failure)
        {
            Log.StreamFailed(logger, failure);
        }

        End();
    }

    private void End()
    {
        if (Interlocked.Decrement(ref count) == 0)
        {
            drained.TrySetResult();
        }
    }
}
