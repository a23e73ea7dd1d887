using System.Threading.Channels;
using IngressController.Cluster;
using Microsoft.Extensions.Logging;

namespace IngressController.Kubernetes.Watching;

/// <summary>An object that was passed over and is to be read after all.</summary>
internal sealed class Recall(Reflector from, ResourceKey key)
{
    public Reflector From => from;

    public ResourceKey Key => key;

    public int Failures { get; set; }
}

/// <summary>Reads single objects beside the reflectors, a few at once, each until it succeeds or nobody refers to it any more. One that fails keeps no other waiting.</summary>
internal sealed class Recalls(Referrals referrals, ChannelWriter<News> news, TimeProvider time, ILogger logger)
{
    private const int AtOnce = 8;

    private readonly Channel<Recall> waiting = Channel.CreateUnbounded<Recall>(); // no more than there are objects

    /// <summary>The object comes as <see cref="NewsKind.Recalled"/>.</summary>
    public Recall Begin(Reflector from, ResourceKey key)
    {
        var recall = new Recall(from, key);
        waiting.Writer.TryWrite(recall);
        return recall;
    }

    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            await Parallel.ForEachAsync(waiting.Reader.ReadAllAsync(stop), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stop }, TryAsync);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }

    private async ValueTask TryAsync(Recall recall, CancellationToken stop)
    {
        if (!referrals.Has(recall.Key.Name))
        {
            return;
        }

        try
        {
            var resource = await recall.From.ReadAsync(recall.Key.Name, stop);
            await news.WriteAsync(new(recall.From, NewsKind.Recalled, new(recall.Key, resource)) { Answers = recall }, stop);
        }
        catch (Exception failure) when (!stop.IsCancellationRequested)
        {
            recall.Failures++;
            if (recall.Failures == 2)
            {
                Log.RecallFailed(logger, recall.Key, failure.Message);
            }

            _ = TryAgainAsync(recall, Pause.After(recall.Failures, failure), stop);
        }
    }

    private async Task TryAgainAsync(Recall recall, TimeSpan pause, CancellationToken stop)
    {
        await Task.Delay(pause, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        waiting.Writer.TryWrite(recall);
    }
}
