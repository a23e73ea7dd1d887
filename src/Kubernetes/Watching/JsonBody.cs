using System.Buffers;
using System.IO.Pipelines;

namespace IngressController.Kubernetes.Watching;

/// <summary>The body of an answer as it comes. Silence that is too long is a connection that is broken and does not know it.</summary>
internal sealed class JsonBody : IAsyncDisposable
{
    private readonly HttpResponseMessage response;
    private readonly PipeReader pipe;
    private readonly TimeSpan silence;
    private readonly TimeProvider time;

    private JsonBody(HttpResponseMessage response, PipeReader pipe, TimeSpan silence, TimeProvider time) =>
        (this.response, this.pipe, this.silence, this.time) = (response, pipe, silence, time);

    /// <param name="silence">The longest time between two bytes.</param>
    public static async Task<JsonBody> OfAsync(HttpResponseMessage response, TimeSpan silence, TimeProvider time, CancellationToken cancellationToken) =>
        new(response, PipeReader.Create(await response.Content.ReadAsStreamAsync(cancellationToken), new StreamPipeReaderOptions(bufferSize: 32 * 1024)), silence, time);

    /// <summary>What has come and was not <see cref="Advance">taken</see>.</summary>
    public ReadOnlySequence<byte> Buffer { get; private set; }

    /// <summary>No more will come.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Waits for more.</summary>
    /// <param name="untilDoubled">Where the body ends soon: a value that is still incomplete is looked at again only when it has doubled, so that a long one costs no more than its length.</param>
    /// <exception cref="SilenceException">Nothing came for too long.</exception>
    public async Task ReadMoreAsync(bool untilDoubled, CancellationToken cancellationToken)
    {
        var known = Buffer.Length;
        do
        {
            var result = await ReadAsync(cancellationToken);
            (Buffer, IsComplete) = (result.Buffer, result.IsCompleted);
            if (IsComplete || !untilDoubled || Buffer.Length >= known * 2)
            {
                return;
            }

            pipe.AdvanceTo(Buffer.Start, Buffer.End);
        }
        while (true);
    }

    /// <summary>Must follow every <see cref="ReadMoreAsync"/>.</summary>
    public void Advance(long taken)
    {
        var from = Buffer.GetPosition(taken);
        pipe.AdvanceTo(from, Buffer.End);
        Buffer = Buffer.Slice(from);
    }

    public async ValueTask DisposeAsync()
    {
        await pipe.CompleteAsync();
        response.Dispose();
    }

    private async Task<ReadResult> ReadAsync(CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(silence, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            return await pipe.ReadAsync(stop.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SilenceException($"nothing came for {silence.TotalSeconds:0} s", e);
        }
    }
}

/// <summary>A connection stays open, and nothing comes.</summary>
internal sealed class SilenceException(string message, Exception cause) : IOException(message, cause);
