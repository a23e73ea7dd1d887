using System.Collections.Immutable;
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
        var channel = Channel.CreateBounded<RequestRecord>(new BoundedChannelOptions(MostWaiting) { SingleReader = true, FullMode = BoundedChannelFullMode.DropOldest });
        ImmutableInterlocked.Update(ref watchers, static (all, added) => all.Add(added), channel);
        return new(channel.Reader, () =>
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
public sealed class RequestWatch(ChannelReader<RequestRecord> records, Action end) : IDisposable
{
    public ChannelReader<RequestRecord> Records => records;

    public void Dispose() => end();
}
