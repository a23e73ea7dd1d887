using System.Net;
using System.Threading.Channels;
using IngressController.Cluster;
using IngressController.Kubernetes.Api;
using Microsoft.Extensions.Logging;

namespace IngressController.Kubernetes.Watching;

/// <summary>Keeps the news of one scope coming: a list, then a watch that takes over where the list ended.</summary>
internal sealed class Reflector(
    ApiClient client, WatchScope scope, Referrals referrals, Outages outages, ChannelWriter<News> news, TimeProvider time, ILogger logger, KubernetesMetrics? metrics = null)
{
    /// <summary>A server that failed for longer may have come back with another history, in which our position means something else.</summary>
    private static readonly TimeSpan LongOutage = TimeSpan.FromMinutes(1);

    /// <summary>A watch that ends sooner is a failure, so that a server that accepts and hangs up is not asked without a pause.</summary>
    private static readonly TimeSpan SoonAfter = TimeSpan.FromSeconds(1);

    private readonly ResourceCalls calls = new(client, new(scope.Kind, referrals, logger), time);
    private readonly HashSet<NamespacedName> known = [];
    private readonly Position position = new();
    private long? failingSince;
    private int failures;
    private int outagesBefore;
    private bool isTroubleTold;

    public WatchScope Scope => scope;

    /// <summary>
    /// The loop: list where a list is due, else watch. A watch ends by itself every few minutes and goes on from its last position. Whatever fails is told, waited
    /// for and tried again; a position that the server no longer knows, or that lies behind its history, leads back to a list.
    /// </summary>
    /// <param name="start">When to begin.</param>
    public async Task RunAsync(Task start, CancellationToken cancellationToken)
    {
        await start.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                if (outages.Count != outagesBefore)
                {
                    outagesBefore = outages.Count;
                    position.Lose(); // also for the next try, if this list fails
                }

                if (position.Current is null)
                {
                    position.Listed(await ListAsync(cancellationToken));
                }

                var end = await WatchAsync(position.Current!, cancellationToken);
                metrics?.WatchRestarts(scope.Kind.Kind, end);
            }
            catch (Exception) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                metrics?.WatchRestarts(scope.Kind.Kind, Trouble.EndOf(failure));
                await RecoverAsync(failure, cancellationToken);
            }
        }
    }

    /// <summary>One object of the scope as it is now, whatever the watch has told.</summary>
    /// <returns>Null where there is none.</returns>
    public Task<Cluster.Resources.IResource?> ReadAsync(NamespacedName name, CancellationToken stop) => calls.FindAsync(scope.Only(name), stop);

    private async Task<string> ListAsync(CancellationToken stop)
    {
        var missing = new HashSet<NamespacedName>(known);
        string? next = null;
        string? version = null;
        do
        {
            var page = await calls.ListAsync(scope, next, first => position.RefuseIfStale(first.ResourceVersion), item => TellAsync(item, missing, stop), stop);
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
    private async Task<WatchEnd> WatchAsync(string from, CancellationToken stop)
    {
        var began = time.GetTimestamp();
        var (isSilent, end) = (true, WatchEnd.Ended);
        try
        {
            await calls.WatchAsync(
                scope,
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
            end = WatchEnd.Silent;
        }

        if (time.GetElapsedTime(began) < SoonAfter)
        {
            throw new IOException("the watch ended as soon as it had begun");
        }

        (failures, failingSince) = (0, null);
        if (isSilent)
        {
            position.Lose();
        }

        return end;
    }

    private async ValueTask TakeAsync(WatchEvent received, CancellationToken stop)
    {
        var version = received.Object.ResourceVersion;
        position.RefuseIfBack(version);
        switch (received.Type)
        {
            case "ADDED" or "MODIFIED":
                await TellAsync(received.Object, missing: null, stop, time.GetTimestamp());
                break;
            case "DELETED":
                await ForgetAsync(received.Object.Key.Name, stop, time.GetTimestamp());
                break;
        }

        position.Move(version);
    }

    private ValueTask TellAsync(ReceivedObject item, HashSet<NamespacedName>? missing, CancellationToken stop, long? watched = null)
    {
        known.Add(item.Key.Name);
        missing?.Remove(item.Key.Name);
        return news.WriteAsync(new(this, item.Resource is null ? NewsKind.PassedOver : NewsKind.Changed, new ResourceChange(item.Key, item.Resource)) { Watched = watched }, stop);
    }

    private ValueTask ForgetAsync(NamespacedName name, CancellationToken stop, long? watched = null)
    {
        known.Remove(name);
        return news.WriteAsync(new(this, NewsKind.Changed, new ResourceChange(new ResourceKey(scope.Kind.Kind, name), null)) { Watched = watched }, stop);
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
        if (failures > 1 && failure is HttpRequestException)
        {
            outages.Begin(); // a cut stream is no outage yet; that it cannot be opened again is one
        }

        if (isBug || Trouble.IsExpired(failure) || time.GetElapsedTime(failingSince.Value) > LongOutage)
        {
            position.Lose();
        }

        if (isBug)
        {
            Log.WatchFailed(logger, scope.Description, failure);
        }

        try
        {
            // A stream that is cut, or a position that expired, is no trouble yet: usually the next try works.
            if (failures > 1 || failure is ApiException { StatusCode: HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized } or ConnectionException)
            {
                isTroubleTold = true;
                await news.WriteAsync(new(this, NewsKind.Troubled, Problem: Trouble.Describe(failure, scope, client.Connection), IsRefused: Trouble.IsRefusal(failure)), stop);
            }

            await Task.Delay(Pause.After(failures, failure), time, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }
}
