using System.Threading.Channels;

namespace IngressController.Kubernetes;

/// <summary>Wakes a loop: several beats before it looks are one.</summary>
internal sealed class Pulse(TimeProvider time)
{
    private readonly Channel<bool> beats = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });

    public void Beat() => beats.Writer.TryWrite(true);

    /// <summary>Until the next beat, or for so long.</summary>
    public async Task WaitAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(atMost, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            await beats.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // that was long enough
        }
    }
}
