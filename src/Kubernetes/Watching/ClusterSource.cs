using System.Threading.Channels;
using IngressController.Cluster;
using IngressController.Kubernetes.Api;
using Microsoft.Extensions.Logging;

namespace IngressController.Kubernetes.Watching;

/// <summary>Reads the objects of a cluster, live.</summary>
public sealed class ClusterSource(
    ApiClient client, ReadingOptions options, TimeProvider time, ILogger<ClusterSource> logger, KubernetesMetrics? metrics = null) : IClusterSource
{
    /// <summary>News that wait. Reflectors wait when it is full, and the API server behind them: a flood does not fill the memory.</summary>
    private const int Capacity = 4096;

    /// <summary>So that what comes together (a rollout's slices) is told together.</summary>
    private static readonly TimeSpan GatherTime = TimeSpan.FromMilliseconds(20);

    /// <summary>What whoever reads the updates has now. Kept from one run to the next, so that one that is started again finds what went in between.</summary>
    private readonly HashSet<ResourceKey> told = [];

    public string Description => $"cluster {client.Connection.Description}" + (options.Namespaces.IsEmpty ? "" : $", namespaces {string.Join(", ", options.Namespaces)}");

    /// <summary>
    /// One reflector for every scope writes news; the loop here gathers and tells them. Before everything was listed that can be, only problems are told:
    /// a half-read cluster looks like one that is full of mistakes. Kinds that are kept by reference are read when it is known what is referred to.
    /// </summary>
    public async Task RunAsync(ChannelWriter<SourceUpdate> updates, CancellationToken cancellationToken)
    {
        var news = Channel.CreateBounded<News>(new BoundedChannelOptions(Capacity) { SingleReader = true });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var referrals = new Referrals([.. options.Secrets, .. options.ConfigMaps]);
        var recalls = new Recalls(referrals, news.Writer, time, logger);
        var outages = new Outages();
        var reflectors = options.Scopes.Select(scope => new Reflector(client, scope, referrals, outages, news.Writer, time, logger, metrics)).ToList();
        var view = new ClusterView(reflectors, referrals, new ReferredObjects(referrals, recalls), told);
        var referralsKnown = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var running = reflectors.Select(reflector => reflector.RunAsync(reflector.Scope.Kind.IsByReference ? referralsKnown.Task : Task.CompletedTask, stop.Token))
            .Append(recalls.RunAsync(stop.Token)).ToList();
        try
        {
            await TellAsync(view, referralsKnown, news.Reader, updates, cancellationToken);
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

    private async Task TellAsync(ClusterView view, TaskCompletionSource referralsKnown, ChannelReader<News> news, ChannelWriter<SourceUpdate> updates, CancellationToken stop)
    {
        while (await news.WaitToReadAsync(stop))
        {
            await Task.Delay(GatherTime, time, stop);
            for (var count = 0; count < Capacity && news.TryRead(out var item); count++)
            {
                view.Take(item);
            }

            if (view.KnowsReferrals)
            {
                referralsKnown.TrySetResult();
            }

            if (view.NextUpdate() is { } update)
            {
                await updates.WriteAsync(update, stop);
                Remember(update);
            }
        }
    }

    private void Remember(SourceUpdate update)
    {
        foreach (var change in update.Changes)
        {
            _ = change.Resource is null ? told.Remove(change.Key) : told.Add(change.Key);
        }
    }
}
