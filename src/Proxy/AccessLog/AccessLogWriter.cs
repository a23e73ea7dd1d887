using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IngressController.Proxy.AccessLog;

/// <summary>Writes the lines that wait to the output, all together, and at most so many times a second: to be woken and to write costs as much for one line as for hundreds.</summary>
internal sealed class AccessLogWriter(AccessLogQueue queue, IOptions<ProxyOptions> options, TimeProvider time, ILogger<DataPlane> logger) : BackgroundService
{
    /// <summary>From one batch to the next. A line that comes after a longer silence is written at once.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>From one word about dropped lines to the next.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);

    /// <summary>For the last lines. Who takes lines at all has taken all that can wait by then; and of the five seconds that a pod has beyond its grace period some are left for the rest of the stop.</summary>
    private static readonly TimeSpan LastWait = TimeSpan.FromSeconds(3);

    private readonly CancellationTokenSource ending = new();
    private LineBuffer batch = new(time.LocalTimeZone, LineBuffer.BatchSize);
    private bool broken;

    /// <summary>
    /// What can happen: lines come (they are written as soon as the pause is over and the output takes them), or the server stops (the rest is written). Writing may hang for as
    /// long as it likes; what is dropped meanwhile is told all the same.
    /// </summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var ended = ending.Token;
        await using var telling = time.CreateTimer(_ => TellDropped(), null, Silence, Silence);
        while (await queue.WaitAsync(CancellationToken.None))
        {
            batch = queue.Take(batch);
            await WriteBatchAsync();
            await Task.Delay(Pause, time, ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>
    /// The server stops before this service, so the last request's line is already in the queue. Waits for its writing as long as it may, and never throws.
    /// The end of the queue is what ends the loop: the base class would cancel a loop that has not begun yet, and lose the lines.
    /// </summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        queue.Complete();
        await ending.CancelAsync();
        var writing = ExecuteTask ?? Task.CompletedTask;
        await writing.WaitAsync(LastWait, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        TellDropped();
        if (!writing.IsCompleted)
        {
            Log.AccessLogLost(logger, batch.Count + queue.Bytes);
        }
    }

    public override void Dispose()
    {
        ending.Dispose();
        base.Dispose();
    }

    private void TellDropped()
    {
        if (queue.TakeDropped() is > 0 and var dropped)
        {
            Log.AccessLogDropped(logger, dropped);
        }
    }

    /// <summary>An output that fails (a full disk, a closed pipe) costs log lines, never requests; it is told once until it works again.</summary>
    private async Task WriteBatchAsync()
    {
        try
        {
            var output = options.Value.AccessLogOutput;
            await output.WriteAsync(batch.Written, CancellationToken.None);
            await output.FlushAsync(CancellationToken.None);
            broken = false;
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or NotSupportedException)
        {
            if (!broken)
            {
                Log.AccessLogBroken(logger, e.Message);
            }

            broken = true;
        }

        batch.Clear();
    }
}
