using System.Threading.Channels;
using IngressController.Proxy.Observing;
using Microsoft.Extensions.Options;

namespace IngressController.Proxy.AccessLog;

/// <summary>
/// Between requests and the writer. A request hands over what its line is made of and never waits; where the queue is full, or holds too much text that clients have made
/// long, the line is dropped and counted.
/// </summary>
internal sealed class AccessLogQueue(IOptions<ProxyOptions> options)
{
    /// <summary>Characters of a record that count for nothing: nearly all have fewer, and so share no counter.</summary>
    private const int UsualText = 1024;

    /// <summary>Characters of all longer ones together, at two bytes each.</summary>
    internal const int MostText = 8 * 1024 * 1024;

    private readonly bool off = options.Value.AccessLog.Lines is null;
    private readonly AccessLogFilter filter = options.Value.AccessLogFilter;
    private readonly Channel<RequestRecord> channel = Channel.CreateBounded<RequestRecord>(
        new BoundedChannelOptions(options.Value.AccessLogQueueLength) { SingleReader = true });

    private long dropped;
    private long text;

    public void Write(in RequestRecord record)
    {
        if (off || !filter.Takes(record))
        {
            return;
        }

        var length = LongTextOf(record);
        if ((length > 0 && Interlocked.Add(ref text, length) > MostText) || !channel.Writer.TryWrite(record))
        {
            Release(length);
            Interlocked.Increment(ref dropped);
        }
    }

    /// <summary>False: no more come.</summary>
    public ValueTask<bool> WaitAsync(CancellationToken cancellationToken) => channel.Reader.WaitToReadAsync(cancellationToken);

    public bool TryRead(out RequestRecord record)
    {
        var isThere = channel.Reader.TryRead(out record);
        if (isThere)
        {
            Release(LongTextOf(record));
        }

        return isThere;
    }

    /// <summary>The number of lines dropped since the last call.</summary>
    public long TakeDropped() => Interlocked.Exchange(ref dropped, 0);

    /// <summary>No more lines come; the reader ends after those that are there.</summary>
    public void Complete() => channel.Writer.TryComplete();

    private void Release(long length)
    {
        if (length > 0)
        {
            Interlocked.Add(ref text, -length);
        }
    }

    /// <summary>0 for a usual one.</summary>
    private static long LongTextOf(in RequestRecord record)
    {
        var length = (long)record.Host.Length + record.Path.Length + record.Target.Length + (record.Referer?.Length ?? 0) + (record.UserAgent?.Length ?? 0);
        return length > UsualText ? length : 0;
    }
}
