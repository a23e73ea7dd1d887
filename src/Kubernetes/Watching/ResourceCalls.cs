using System.Buffers;
using System.Globalization;
using IngressController.Cluster.Resources;
using IngressController.Kubernetes.Api;
using IngressController.Kubernetes.Wire;

namespace IngressController.Kubernetes.Watching;

/// <summary>Lists and watches.</summary>
internal sealed class ResourceCalls(ApiClient client, ObjectDecoder decoder, TimeProvider time)
{
    private const int PageSize = 500;
    private const int MinimumWatchSeconds = 300;
    private const int MaximumWatchSeconds = 600;

    private static readonly TimeSpan ListSilence = TimeSpan.FromSeconds(30);

    /// <summary>Bookmarks come about every minute.</summary>
    private static readonly TimeSpan WatchSilence = TimeSpan.FromMinutes(2);

    /// <param name="continue">From the page before; null for the first.</param>
    /// <param name="check">Told whose page it is before any object is taken: the API server writes metadata first.</param>
    /// <returns>The metadata of the page.</returns>
    public async Task<ListMeta> ListAsync(WatchScope scope, string? @continue, Action<ListMeta> check, Func<ReceivedObject, ValueTask> take, CancellationToken stop)
    {
        var query = $"?limit={PageSize}{scope.Selectors}" + (string.IsNullOrEmpty(@continue) ? "" : $"&continue={Uri.EscapeDataString(@continue)}");
        await using var body = await JsonBody.OfAsync(await client.OpenAsync(scope.Path + query, stop), ListSilence, time, stop);
        var page = new ListPage(decoder);
        var objects = new List<ReceivedObject>();
        while (!page.IsEnd)
        {
            if (body.IsComplete)
            {
                throw new IOException("the list ends in its middle");
            }

            await body.ReadMoreAsync(untilDoubled: true, stop);
            body.Advance(page.Read(body.Buffer, body.IsComplete, objects));
            check(page.Metadata);
            foreach (var item in objects)
            {
                await take(item);
            }

            objects.Clear();
        }

        return page.Metadata;
    }

    /// <summary>The one object of a scope. By a list, so that no right to get is needed.</summary>
    /// <returns>Null where there is none.</returns>
    public async Task<IResource?> FindAsync(WatchScope scope, CancellationToken stop)
    {
        IResource? found = null;
        await ListAsync(
            scope,
            null,
            _ => { },
            item =>
            {
                found = item.Resource;
                return ValueTask.CompletedTask;
            },
            stop);
        return found;
    }

    /// <summary>Returns when the server ends the stream.</summary>
    /// <param name="begun">Told when the server accepts to be watched.</param>
    public async Task WatchAsync(WatchScope scope, string from, Func<WatchEvent, ValueTask> take, Func<ValueTask> begun, CancellationToken stop)
    {
        // Jittered, so that the watches of all replicas do not end together.
        var seconds = Random.Shared.Next(MinimumWatchSeconds, MaximumWatchSeconds).ToString(CultureInfo.InvariantCulture);
        var query = $"?watch=1&allowWatchBookmarks=true&resourceVersion={Uri.EscapeDataString(from)}&timeoutSeconds={seconds}{scope.Selectors}";
        await using var body = await JsonBody.OfAsync(await client.OpenAsync(scope.Path + query, stop), WatchSilence, time, stop);
        await begun();
        while (!body.IsComplete)
        {
            await body.ReadMoreAsync(untilDoubled: false, stop);
            var taken = 0L;
            while (NextLine(body.Buffer.Slice(taken)) is { } line)
            {
                if (line.Length > 1 && WatchEvent.Parse(line, decoder) is { } received)
                {
                    await take(received);
                }

                taken += line.Length;
            }

            body.Advance(taken);
        }
    }

    /// <summary>With its end; null where that has not come.</summary>
    private static ReadOnlySequence<byte>? NextLine(ReadOnlySequence<byte> buffer) =>
        buffer.PositionOf((byte)'\n') is { } end ? buffer.Slice(0, buffer.GetPosition(1, end)) : null;
}
