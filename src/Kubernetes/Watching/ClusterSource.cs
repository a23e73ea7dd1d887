using System.Threading.Channels;
using IngressController.Cluster;
using IngressController.Kubernetes.Api;
using Microsoft.Extensions.Logging;

namespace IngressController.Kubernetes.Watching;

/// <summary>Reads the objects of a cluster, live.</summary>
/// <param name="namespaces">Where to read namespaced objects; empty for everywhere. Then Roles in these namespaces are enough.</param>
public sealed class ClusterSource(ApiClient client, EquatableArray<string> namespaces, TimeProvider time, ILogger<ClusterSource> logger) : IClusterSource
{
    /// <summary>News that wait. Reflectors wait when it is full, and the API server behind them: a flood does not fill the memory.</summary>
    private const int Capacity = 4096;

    /// <summary>So that what comes together (a rollout's slices) is told together.</summary>
    private static readonly TimeSpan GatherTime = TimeSpan.FromMilliseconds(20);

    public string Description => $"cluster {client.Connection.Description}" + (namespaces.IsEmpty ? "" : $", namespaces {string.Join(", ", namespaces)}");

    /// <summary>
    /// One reflector for every kind and namespace writes news; the loop here gathers and tells them. Before every required kind was listed only problems are told:
    /// a half-read cluster looks like one that is full of mistakes.
    /// </summary>
    public async Task RunAsync(ChannelWriter<SourceUpdate> updates, CancellationToken cancellationToken)
    {
        var news = Channel.CreateBounded<News>(new BoundedChannelOptions(Capacity) { SingleReader = true });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reflectors = Reflectors(news.Writer);
        var running = reflectors.Select(reflector => reflector.RunAsync(stop.Token)).ToList();
        try
        {
            await TellAsync(new ClusterView(reflectors, !namespaces.IsEmpty), news.Reader, updates, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(running);
        }
    }

    private async Task TellAsync(ClusterView view, ChannelReader<News> news, ChannelWriter<SourceUpdate> updates, CancellationToken stop)
    {
        while (await news.WaitToReadAsync(stop))
        {
            await Task.Delay(GatherTime, time, stop);
            for (var count = 0; count < Capacity && news.TryRead(out var item); count++)
            {
                view.Take(item);
            }

            if (view.NextUpdate() is { } update)
            {
                await updates.WriteAsync(update, stop);
            }
        }
    }

    private List<Reflector> Reflectors(ChannelWriter<News> news)
    {
        var places = namespaces.IsEmpty ? [null] : namespaces.Distinct().ToArray<string?>();
        return
        [
            .. from kind in WatchedKind.All
               from place in kind.Kind == ResourceKind.IngressClass ? [null] : places
               select new Reflector(client, kind, place, news, time, logger),
        ];
    }
}
