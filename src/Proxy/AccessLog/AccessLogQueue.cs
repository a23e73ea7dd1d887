using System.Threading.Channels;
using IngressController.Proxy.Observing;
using Microsoft.Extensions.ObjectPool;
using Microsoft.Extensions.Options;

namespace IngressController.Proxy.AccessLog;

/// <summary>
/// Lines on their way from requests to the writer. A request makes its line itself, which costs less than keeping what it is made of until the writer comes, and never waits
/// for the output; where too much waits already, the line is dropped and counted.
/// </summary>
internal sealed class AccessLogQueue(IOptions<ProxyOptions> options, TimeProvider time)
{
    private readonly ILineFormat? format = options.Value.AccessLog.Lines;
    private readonly AccessLogFilter filter = options.Value.AccessLogFilter;
    private readonly int most = options.Value.AccessLogBacklog;
    private readonly DefaultObjectPool<LineBuffer> lines = new(new OneLine(time.LocalTimeZone));

    /// <summary>Holds one thing where lines wait; so only the first of a batch tells the writer.</summary>
    private readonly Channel<bool> news = Channel.CreateBounded<bool>(1);

    private readonly Lock gate = new();
    private LineBuffer waiting = new(time.LocalTimeZone, LineBuffer.BatchSize);
    private long dropped;

    /// <summary>How much waits.</summary>
    public int Bytes
    {
        get
        {
            lock (gate)
            {
                return waiting.Count;
            }
        }
    }

    public void Write(in RequestRecord record)
    {
        if (format is null || !filter.Takes(record))
        {
            return;
        }

        var line = lines.Get();
        format.Write(record, line);
        line.Add((byte)'\n');
        if (Add(line.Written.Span))
        {
            news.Writer.TryWrite(true);
        }

        lines.Return(line);
    }

    /// <summary>Until lines wait. False: no more come.</summary>
    public ValueTask<bool> WaitAsync(CancellationToken cancellationToken) => news.Reader.WaitToReadAsync(cancellationToken);

    /// <summary>The lines that wait.</summary>
    /// <param name="empty">Takes the next ones.</param>
    public LineBuffer Take(LineBuffer empty)
    {
        news.Reader.TryRead(out _);
        lock (gate)
        {
            (var taken, waiting) = (waiting, empty);
            return taken;
        }
    }

    /// <summary>The number of lines dropped since the last call.</summary>
    public long TakeDropped() => Interlocked.Exchange(ref dropped, 0);

    /// <summary>No more lines come; the reader ends after those that are there.</summary>
    public void Complete() => news.Writer.TryComplete();

    /// <returns>Whether it is the first that waits.</returns>
    private bool Add(ReadOnlySpan<byte> line)
    {
        lock (gate)
        {
            var before = waiting.Count;
            if (before + line.Length <= most)
            {
                waiting.Add(line);
                return before == 0;
            }
        }

        Interlocked.Increment(ref dropped);
        return false;
    }

    private sealed class OneLine(TimeZoneInfo zone) : PooledObjectPolicy<LineBuffer>
    {
        private const int UsualSize = 1024;

        public override LineBuffer Create() => new(zone, UsualSize);

        public override bool Return(LineBuffer line)
        {
            line.Clear();
            return true;
        }
    }
}
