using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace IngressController.Proxy.Observing;

/// <summary>Whether somebody wants to see a request. It is asked on the request's own way, so it is quick and throws nothing.</summary>
public delegate bool RecordFilter(in RequestRecord record);

/// <summary>Lets people watch requests as they end. Who watches too slowly misses some.</summary>
public sealed class RequestTail
{
    private const int MostWaiting = 1024;

    private ImmutableArray<Watcher> watchers = [];

    /// <summary>What ends from now on and is wanted, until the watch is disposed. What is not wanted takes no room, so it makes nobody miss anything.</summary>
    public RequestWatch Watch(RecordFilter takes)
    {
        var missed = new StrongBox<long>();
        var channel = Channel.CreateBounded<RequestRecord>(
            new BoundedChannelOptions(MostWaiting) { SingleReader = true, FullMode = BoundedChannelFullMode.DropOldest },
            _ => Interlocked.Increment(ref missed.Value));
        var watcher = new Watcher(takes, channel.Writer);
        ImmutableInterlocked.Update(ref watchers, static (all, added) => all.Add(added), watcher);
        return new(channel.Reader, missed, () =>
        {
            ImmutableInterlocked.Update(ref watchers, static (all, gone) => all.Remove(gone), watcher);
            channel.Writer.TryComplete();
        });
    }

    internal void Offer(in RequestRecord record)
    {
        foreach (var watcher in watchers)
        {
            if (watcher.Takes(record))
            {
                watcher.Waiting.TryWrite(record);
            }
        }
    }

    private sealed record Watcher(RecordFilter Takes, ChannelWriter<RequestRecord> Waiting);
}

/// <summary>One who watches.</summary>
public sealed class RequestWatch(ChannelReader<RequestRecord> records, StrongBox<long> missed, Action end) : IDisposable
{
    public ChannelReader<RequestRecord> Records => records;

    /// <summary>How many that were wanted were missed since the last call.</summary>
    public long TakeMissed() => Interlocked.Exchange(ref missed.Value, 0);

    public void Dispose() => end();
}
