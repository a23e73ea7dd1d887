using System.Net;
using System.Threading.Channels;
using IngressController.Cluster;
using IngressController.Kubernetes.Api;
using Microsoft.Extensions.Logging;

namespace IngressController.Kubernetes.Watching;

/// <summary>Keeps the news of one kind coming, of the whole cluster or of one namespace: a list, then a watch that takes over where the list ended.</summary>
/// <param name="space">The namespace; null for everything.</param>
internal sealed class Reflector(ApiClient client, WatchedKind kind, string? space, ChannelWriter<News> news, TimeProvider time, ILogger logger)
{
    /// <summary>A server that was away may have come back with another history, in which our position means something else. So may one that failed for longer.</summary>
    private static readonly TimeSpan LongOutage = TimeSpan.FromMinutes(1);

    /// <summary>A watch that ends sooner is a failure, so that a server that accepts and hangs up is not asked without a pause.</summary>
    private static readonly TimeSpan SoonAfter = TimeSpan.FromSeconds(1);

    private readonly ResourceCalls calls = new(client, kind, space, time, logger);
    private readonly HashSet<NamespacedName> known = [];

    /// <summary>Where the next watch begins; null where a list is due.</summary>
    private string? position;
    private long? failingSince;
    private int failures;
    private bool isTroubleTold;

    public WatchedKind Kind => kind;

    /// <summary>
    /// The loop: list where a list is due, else watch. A watch ends by itself every few minutes and goes on from its last position. Whatever fails is told, waited
    /// for and tried again; a position that the server no longer knows, or that lies behind its history, leads back to a list.
    /// </summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await Task.Yield();
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                position ??= await ListAsync(cancellationToken);
                await WatchAsync(position, cancellationToken);
            }
            catch (Exception) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                await RecoverAsync(failure, cancellationToken);
            }
        }
    }

    private async Task<string> ListAsync(CancellationToken stop)
    {
        var missing = new HashSet<NamespacedName>(known);
        string? next = null;
        string? version = null;
        do
        {
            var page = await calls.ListAsync(next, item => TellAsync(item.Resource, missing, stop), stop);
            (next, version) = (page.Continue, version ?? page.ResourceVersion);
        }
        while (!string.IsNullOrEmpty(next));

        foreach (var name in missing)
        {
            await ForgetAsync(name, stop);
        }

        await news.WriteAsync(new(this, NewsKind.Listed), stop);
        return version ?? throw new IOException("the list has no resourceVersion");
    }

    /// <summary>Until the server or the network ends it. A stream in which nothing came at all may be one of a server whose history ends before our position.</summary>
    private async Task WatchAsync(string from, CancellationToken stop)
    {
        var began = time.GetTimestamp();
        var isSilent = true;
        try
        {
            await calls.WatchAsync(
                from,
                received =>
                {
                    (isSilent, failures, failingSince) = (false, 0, null);
                    return TakeAsync(received, stop);
                },
                () => TroubleOverAsync(stop),
                stop);
        }
        catch (SilenceException) when (isSilent)
        {
        }

        if (time.GetElapsedTime(began) < SoonAfter)
        {
            throw new IOException("the watch ended as soon as it had begun");
        }

        (failures, failingSince) = (0, null);
        position = isSilent ? null : position;
    }

    private async ValueTask TakeAsync(WatchEvent received, CancellationToken stop)
    {
        var version = received.Object.ResourceVersion;
        if (IsBefore(version, position))
        {
            throw new ApiException(HttpStatusCode.Gone, "Expired", $"the history went back from {position} to {version}");
        }

        switch (received.Type)
        {
            case "ADDED" or "MODIFIED":
                await TellAsync(received.Object.Resource, missing: null, stop);
                break;
            case "DELETED":
                await ForgetAsync(received.Object.Resource.Key.Name, stop);
                break;
        }

        position = string.IsNullOrEmpty(version) ? position : version;
    }

    private ValueTask TellAsync(Cluster.Resources.IResource resource, HashSet<NamespacedName>? missing, CancellationToken stop)
    {
        known.Add(resource.Key.Name);
        missing?.Remove(resource.Key.Name);
        return news.WriteAsync(new(this, NewsKind.Changed, new ResourceChange(resource.Key, resource)), stop);
    }

    private ValueTask ForgetAsync(NamespacedName name, CancellationToken stop)
    {
        known.Remove(name);
        return news.WriteAsync(new(this, NewsKind.Changed, new ResourceChange(new ResourceKey(kind.Kind, name), null)), stop);
    }

    private async ValueTask TroubleOverAsync(CancellationToken stop)
    {
        if (isTroubleTold)
        {
            isTroubleTold = false;
            await news.WriteAsync(new(this, NewsKind.Troubled), stop);
        }
    }

    private async Task RecoverAsync(Exception failure, CancellationToken stop)
    {
        failures++;
        failingSince ??= time.GetTimestamp();
        var isBug = !Trouble.IsOrdinary(failure);
        var wasAway = failure is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError };
        if (isBug || wasAway || Trouble.IsExpired(failure) || time.GetElapsedTime(failingSince.Value) > LongOutage)
        {
            position = null;
        }

        if (isBug)
        {
            Log.WatchFailed(logger, kind.Name, failure);
        }

        try
        {
            // A stream that is cut, or a position that expired, is no trouble yet: usually the next try works.
            if (failures > 1 || failure is ApiException { StatusCode: HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized } or ConnectionException)
            {
                isTroubleTold = true;
                await news.WriteAsync(new(this, NewsKind.Troubled, Problem: Trouble.Describe(failure, kind, space, client.Connection), IsRefused: Trouble.IsRefusal(failure)), stop);
            }

            await Task.Delay(Pause.After(failures, failure), time, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }

    /// <summary>The API says that versions are opaque but for this: of one kind of objects they grow (KEP-5504); what is no number is not compared.</summary>
    private static bool IsBefore(string? version, string? other) => ulong.TryParse(version, out var a) && ulong.TryParse(other, out var b) && a < b;
}
