using System.Buffers;
using System.Globalization;
using IngressController.Kubernetes.Api;
using IngressController.Kubernetes.Wire;
using Microsoft.Extensions.Logging;

namespace IngressController.Kubernetes.Watching;

/// <summary>Lists and watches the objects of one kind, of the whole cluster or of one namespace.</summary>
internal sealed class ResourceCalls(ApiClient client, WatchedKind kind, string? space, TimeProvider time, ILogger logger)
{
    private const int PageSize = 500;
    private const int MinimumWatchSeconds = 300;
    private const int MaximumWatchSeconds = 600;

    private static readonly TimeSpan ListSilence = TimeSpan.FromSeconds(30);

    /// <summary>Bookmarks come about every minute.</summary>
    private static readonly TimeSpan WatchSilence = TimeSpan.FromMinutes(2);

    /// <param name="continue">From the page before; null for the first.</param>
    /// <returns>The metadata of the page.</returns>
    public async Task<ListMeta> ListAsync(string? @continue, Func<ReceivedObject, ValueTask> take, CancellationToken stop)
    {
        var query = $"?limit={PageSize}{Selector}" + (string.IsNullOrEmpty(@continue) ? "" : $"&continue={Uri.EscapeDataString(@continue)}");
        await using var body = await JsonBody.OfAsync(await client.OpenAsync(Path + query, stop), ListSilence, time, stop);
        var page = new ListPage(kind, logger);
        var objects = new List<ReceivedObject>();
        while (!page.IsEnd)
        {
            if (body.IsComplete)
            {
                throw new IOException("the list ends in its middle");
            }

            await body.ReadMoreAsync(untilDoubled: true, stop);
            body.Advance(page.Read(body.Buffer, body.IsComplete, objects));
            foreach (var item in objects)
            {
                await take(item);
            }

            objects.Clear();
        }

        return page.Metadata;
    }

    /// <summary>Returns when the server ends the stream.</summary>
    /// <param name="begun">Told when the server accepts to be watched.</param>
    public async Task WatchAsync(string from, Func<WatchEvent, ValueTask> take, Func<ValueTask> begun, CancellationToken stop)
    {
        // Jittered, so that the watches of all replicas do not end together.
        var seconds = Random.Shared.Next(MinimumWatchSeconds, MaximumWatchSeconds).ToString(CultureInfo.InvariantCulture);
        var query = $"?watch=1&allowWatchBookmarks=true&resourceVersion={Uri.EscapeDataString(from)}&timeoutSeconds={seconds}{Selector}";
        await using var body = await JsonBody.OfAsync(await client.OpenAsync(Path + query, stop), WatchSilence, time, stop);
        await begun();
        while (!body.IsComplete)
        {
            await body.ReadMoreAsync(untilDoubled: false, stop);
            var taken = 0L;
            while (NextLine(body.Buffer.Slice(taken)) is { } line)
            {
                if (line.Length > 1 && WatchEvent.Parse(line, kind, logger) is { } received)
                {
                    await take(received);
                }

                taken += line.Length;
            }

            body.Advance(taken);
        }
    }

    private string Path => kind.PathIn(kind.IsNamespaced ? space : null);

    private string Selector => FieldSelector.Length == 0 ? "" : $"&fieldSelector={Uri.EscapeDataString(FieldSelector)}";

    /// <summary>Of the cluster's Namespaces only the watched one.</summary>
    private string FieldSelector => kind.Kind == Cluster.ResourceKind.Namespace && space is not null ? $"metadata.name={space}" : kind.FieldSelector;

    /// <summary>With its end; null where that has not come.</summary>
    private static ReadOnlySequence<byte>? NextLine(ReadOnlySequence<byte> buffer) =>
        buffer.PositionOf((byte)'\n') is { } end ? buffer.Slice(0, buffer.GetPosition(1, end)) : null;
}
