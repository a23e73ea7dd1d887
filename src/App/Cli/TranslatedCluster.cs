using System.Threading.Channels;
using IngressController.Certificates.Acme;
using IngressController.Cluster;
using IngressController.Kubernetes.Api;
using IngressController.Kubernetes.Watching;
using IngressController.Routing.Translation;
using Microsoft.Extensions.Logging.Abstractions;

namespace IngressController.App.Cli;

/// <summary>A cluster, read once, and what it means.</summary>
internal static class TranslatedCluster
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Reads until everything was listed; where a kind cannot be that we can do without, a problem says so. Where that does not come about, the problems say why, and the rest is empty.</summary>
    /// <param name="acme">How certificates would be obtained; null: nothing is said of that.</param>
    public static async Task<TranslatedObjects> ReadAsync(
        ApiConnection connection, ReadingOptions reading, TranslationOptions options, AcmeOptions? acme, CancellationToken cancellationToken)
    {
        using var client = new ApiClient(connection, TimeProvider.System, NullLogger<ApiClient>.Instance);
        var source = new ClusterSource(client, reading, TimeProvider.System, NullLogger<ClusterSource>.Instance);
        using var timeout = new CancellationTokenSource(Patience, TimeProvider.System);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        var updates = Channel.CreateBounded<SourceUpdate>(1);
        var running = source.RunAsync(updates.Writer, stop.Token);
        var last = await SyncedAsync(updates.Reader, stop.Token);
        await stop.CancelAsync();
        await running;
        cancellationToken.ThrowIfCancellationRequested();
        return TranslatedObjects.Translate(last.IsSynced ? last.Changes : [], last.Problems, options, acme);
    }

    /// <returns>The first whole update, or the first one with an error.</returns>
    private static async Task<SourceUpdate> SyncedAsync(ChannelReader<SourceUpdate> updates, CancellationToken stop)
    {
        var last = new SourceUpdate([], [], IsSynced: false);
        try
        {
            while (!last.IsSynced && last.Problems.All(problem => problem.Severity != Severity.Error))
            {
                last = await updates.ReadAsync(stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            var late = new Problem(ProblemCode.ApiUnreachable, Severity.Error, null, "", $"the cluster could not be read within {Patience.TotalSeconds:0} s");
            last = last with { Problems = [.. last.Problems, late] };
        }

        return last;
    }
}
