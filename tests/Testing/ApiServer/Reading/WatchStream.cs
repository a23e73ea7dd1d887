using System.Globalization;
using System.Text;
using IngressController.Testing.ApiServer.Storage;
using Microsoft.AspNetCore.Http;

namespace IngressController.Testing.ApiServer.Reading;

/// <summary>Answers one watch.</summary>
internal sealed class WatchStream(ObjectStore store, Streams streams, TimeProvider time, ApiResource resource, string @namespace, IQueryCollection query)
{
    private static readonly TimeSpan BookmarkInterval = TimeSpan.FromMinutes(1);

    /// <summary>The real server picks between 30 and 60 minutes.</summary>
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(30);

    /// <summary>So long before its end a stream says where it stood.</summary>
    private static readonly TimeSpan LastBookmark = TimeSpan.FromSeconds(2);

    private readonly Selector selector = Selector.Parse(resource, query["labelSelector"], query["fieldSelector"]);
    private readonly long? asked = ResourceVersions.Parse(query["resourceVersion"]);
    private readonly bool wantsBookmarks = IsSet(query, "allowWatchBookmarks");
    private readonly bool wantsInitialEvents = IsSet(query, "sendInitialEvents");

    /// <exception cref="ApiFailure">The options contradict each other; nothing has been answered yet.</exception>
    public async Task RunAsync(HttpContext context)
    {
        CheckOptions();
        context.Response.ContentType = "application/json";
        var (dropped, bookmarkAsked) = (streams.Dropped, streams.Bookmark); // before a test can know that the stream is open
        streams.Opened();
        try
        {
            await context.Response.StartAsync(context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await FollowAsync(context, dropped, bookmarkAsked);
        }
        finally
        {
            streams.Closed();
        }
    }

    private void CheckOptions()
    {
        if (wantsInitialEvents && (string?)query["resourceVersionMatch"] != "NotOlderThan")
        {
            throw ResourceVersions.InvalidOptions("resourceVersionMatch", "Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan");
        }

        if (!wantsInitialEvents && query.ContainsKey("resourceVersionMatch"))
        {
            throw ResourceVersions.InvalidOptions("resourceVersionMatch", "Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided");
        }
    }

    /// <summary>Ends by the client, by timeoutSeconds, by an expired revision, or by a drop, which cuts an event in the middle.</summary>
    private async Task FollowAsync(HttpContext context, Task dropped, Task bookmarkAsked)
    {
        var cancellationToken = context.RequestAborted;
        var end = time.GetUtcNow() + Timeout();
        using var ended = new CancellationTokenSource(Timeout(), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ended.Token, cancellationToken);
        var over = Task.Delay(System.Threading.Timeout.InfiniteTimeSpan, time, either.Token);
        if (await BeginAsync(context.Response, cancellationToken) is not { } revision)
        {
            return;
        }

        var bookmarkDue = NextBookmark(end, either.Token);
        while (true)
        {
            await Task.WhenAny(streams.Flowing, dropped, over);
            await Task.WhenAny(revision.Next, bookmarkAsked, bookmarkDue, dropped, over);
            if (dropped.IsCompleted)
            {
                await CutAsync(context);
                return;
            }

            if (over.IsCompleted)
            {
                return;
            }

            if (!streams.Flowing.IsCompleted)
            {
                continue;
            }

            if (revision.Next.IsCompleted)
            {
                revision = await revision.Next;
                await SendChangeAsync(context.Response, revision, cancellationToken);
                continue;
            }

            (bookmarkAsked, bookmarkDue) = (streams.Bookmark, bookmarkDue.IsCompleted ? NextBookmark(end, either.Token) : bookmarkDue);
            if (wantsBookmarks)
            {
                await SendAsync(context.Response, "BOOKMARK", BookmarkOf(revision, isInitial: false), cancellationToken);
            }
        }
    }

    /// <summary>What was there before; null where the revision asked for is gone and the stream ends.</summary>
    private async Task<Revision?> BeginAsync(HttpResponse response, CancellationToken cancellationToken)
    {
        await Task.WhenAny(streams.Flowing, streams.Dropped);
        if (asked is null or 0 || wantsInitialEvents)
        {
            var latest = store.Latest;
            foreach (var item in latest.List(resource, @namespace).Where(selector.Matches))
            {
                await SendAsync(response, "ADDED", item.Whole(), cancellationToken);
            }

            if (wantsInitialEvents && wantsBookmarks)
            {
                await SendAsync(response, "BOOKMARK", BookmarkOf(latest, isInitial: true), cancellationToken);
            }

            return latest;
        }

        if (asked > store.Latest.Number || store.Find(asked.Value) is not null)
        {
            return store.Find(asked.Value) ?? store.Latest;
        }

        var expired = ApiFailure.Expired($"too old resource version: {asked} ({store.Oldest.Number})").ToStatus();
        await SendAsync(response, "ERROR", Encoding.UTF8.GetBytes(expired.ToJsonString()), cancellationToken);
        return null;
    }

    /// <summary>An object that begins or ceases to match is added or deleted for this watch.</summary>
    private async Task SendChangeAsync(HttpResponse response, Revision revision, CancellationToken cancellationToken)
    {
        var change = revision.Change!;
        if (change.Object.Resource != resource || (@namespace.Length > 0 && change.Object.Namespace != @namespace))
        {
            return; // other kinds do not even have the fields that this watch selects by
        }

        var (before, after) = (change.Before is { } old && selector.Matches(old), !change.IsDeletion && selector.Matches(change.Object));
        if ((before || after) && (asked is null || revision.Number > asked))
        {
            await SendAsync(response, before && after ? "MODIFIED" : after ? "ADDED" : "DELETED", change.Object.Whole(), cancellationToken);
        }
    }

    private Task NextBookmark(DateTimeOffset end, CancellationToken cancellationToken)
    {
        var last = end - LastBookmark - time.GetUtcNow();
        var wait = last > TimeSpan.Zero && last < BookmarkInterval ? last : BookmarkInterval;
        return Task.Delay(wait, time, cancellationToken);
    }

    private byte[] BookmarkOf(Revision revision, bool isInitial)
    {
        var blueprint = $$"""{"kind":"{{resource.Kind}}List","apiVersion":"{{resource.ApiVersion}}","metadata":{},"items":null}""" + "\n";
        var annotations = isInitial
            ? $$""","annotations":{"k8s.io/initial-events-end":"true","kubernetes.io/initial-events-list-blueprint":"{{Convert.ToBase64String(Encoding.UTF8.GetBytes(blueprint))}}"}"""
            : "";
        var zero = resource.Zero.Length == 0 ? "" : $",{resource.Zero}";
        return Encoding.UTF8.GetBytes(
            $$"""{"kind":"{{resource.Kind}}","apiVersion":"{{resource.ApiVersion}}","metadata":{"resourceVersion":"{{revision.Number}}","creationTimestamp":null{{annotations}}}{{zero}}}""");
    }

    private TimeSpan Timeout() =>
        int.TryParse(query["timeoutSeconds"], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds > 0 ? TimeSpan.FromSeconds(seconds) : DefaultTimeout;

    private async Task CutAsync(HttpContext context)
    {
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes($$$"""{"type":"MODIFIED","object":{"kind":"{{{resource.Kind}}}","apiVer"""));
        await context.Response.Body.FlushAsync();
        context.Abort();
    }

    private static async Task SendAsync(HttpResponse response, string type, byte[] item, CancellationToken cancellationToken)
    {
        await response.Body.WriteAsync(Encoding.UTF8.GetBytes($$"""{"type":"{{type}}","object":"""), cancellationToken);
        await response.Body.WriteAsync(item, cancellationToken);
        await response.Body.WriteAsync("}\n"u8.ToArray(), cancellationToken);
        await response.Body.FlushAsync(cancellationToken);
    }

    private static bool IsSet(IQueryCollection query, string option) => (string?)query[option] is "true" or "1";
}
