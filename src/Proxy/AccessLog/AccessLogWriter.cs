using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IngressController.Proxy.AccessLog;

/// <summary>Writes the queued lines to the output in batches, through one buffer.</summary>
internal sealed class AccessLogWriter(AccessLogQueue queue, IOptions<ProxyOptions> options, TimeProvider time, ILogger<DataPlane> logger) : BackgroundService
{
    private const int BatchBytes = 64 * 1024;

    private readonly LineBuffer buffer = new(time.LocalTimeZone);
    private bool broken;

    /// <summary>What can happen: lines come (they are written as soon as the output takes them), or the server stops (the rest is written).</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var lines = options.Value.AccessLog.Lines;
        while (await queue.WaitAsync(CancellationToken.None))
        {
            while (buffer.Count < BatchBytes && queue.TryRead(out var record))
            {
                lines!.Write(record, buffer); // where there is no log, nothing comes
                buffer.Add((byte)'\n');
            }

            await WriteBatchAsync();
            if (queue.TakeDropped() is > 0 and var dropped)
            {
                Log.AccessLogDropped(logger, dropped);
            }
        }
    }

    /// <summary>
    /// The server stops before this service, so the last request's line is already in the queue. Waits for its writing as long as it may, and never throws.
    /// The end of the queue is what ends the loop: the base class would cancel a loop that has not begun yet, and lose the lines.
    /// </summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        queue.Complete();
        await (ExecuteTask ?? Task.CompletedTask).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>An output that fails (a full disk, a closed pipe) costs log lines, never requests; it is told once until it works again.</summary>
    private async Task WriteBatchAsync()
    {
        try
        {
            var output = options.Value.AccessLogOutput;
            await output.WriteAsync(buffer.Written, CancellationToken.None);
            await output.FlushAsync(CancellationToken.None);
            broken = false;
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or NotSupportedException)
        {
            if (!broken)
            {
                Log.AccessLogBroken(logger, e);
            }

            broken = true;
        }

        buffer.Clear();
    }
}
