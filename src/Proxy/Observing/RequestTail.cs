using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace IngressController.Proxy.Observing;

/// <summary>Lets people watch requests as they end. Who watches too slowly misses some.</summary>
public sealed class RequestTail
{
    private const int MostWaiting = 1024;

    private ImmutableArray<Channel<RequestRecord>> watchers = [];

    /// <summary>What ends from now on, until the watch is disposed.</summary>
    public RequestWatch Watch()
    {
        var missed = new StrongBox<long>();
        var channel = Channel.CreateBounded<RequestRecord>(
            new BoundedChannelOptions(MostWaiting) { SingleReader = true, FullMode = BoundedChannelFullMode.DropOldest },
            _ => Interlocked.Increment(ref missed.Value));
        ImmutableInterlocked.Update(ref watchers, static (all, added) => all.Add(added), channel);
        return new(channel.Reader, missed, () =>
        {
            ImmutableInterlocked.Update(ref watchers, static (all, gone) => all.Remove(gone), channel);
            channel.Writer.TryComplete();
        });
    }

    internal void Offer(in RequestRecord record)
    {
        foreach (var watcher in watchers)
        {
            watcher.Writer.TryWrite(record);
        }
    }
}

/// <summary>One who watches.</summary>
public sealed class RequestWatch(ChannelReader<RequestRecord> records, StrongBox<long> missed, Action end) : IDisposable
{
    public ChannelReader<RequestRecord> Records => records;

    /// <summary>How many were missed since the last call.</summary>
    public long TakeMissed() => Interlocked.Exchange(ref missed.Value, 0);

    public void Dispose() => end();
}
