using System.Threading.Channels;
using IngressController.Proxy.Observing;
using Microsoft.Extensions.Options;

namespace IngressController.Proxy.AccessLog;

/// <summary>Between requests and the writer. A request hands its line over and never waits; where the queue is full the line is dropped and counted.</summary>
internal sealed class AccessLogQueue(IOptions<ProxyOptions> options)
{
    private readonly bool off = options.Value.AccessLog == AccessLogFormat.Off;
    private readonly Channel<RequestRecord> channel = Channel.CreateBounded<RequestRecord>(
        new BoundedChannelOptions(options.Value.AccessLogQueueLength) { SingleReader = true });

    private long dropped;

    public ChannelReader<RequestRecord> Lines => channel.Reader;

    public void Write(in RequestRecord line)
    {
        if (!off && !channel.Writer.TryWrite(line))
        {
            Interlocked.Increment(ref dropped);
        }
    }

    /// <summary>The number of lines dropped since the last call.</summary>
    public long TakeDropped() => Interlocked.Exchange(ref dropped, 0);

    /// <summary>No more lines come; the reader ends after those that are there.</summary>
    public void Complete() => channel.Writer.TryComplete();
}
