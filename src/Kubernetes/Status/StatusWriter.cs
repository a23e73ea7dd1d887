using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using IngressController.Cluster;
using IngressController.Cluster.Resources;
using IngressController.Kubernetes.Api;
using IngressController.Kubernetes.Wire;
using Microsoft.Extensions.Logging;

namespace IngressController.Kubernetes.Status;

/// <summary>Writes status.loadBalancer of our Ingresses where it differs, and takes it back from those that are no longer ours.</summary>
public sealed class StatusWriter(ApiClient api, PublishOptions options, TimeProvider time, ILogger<StatusWriter> log)
{
    /// <summary>10,000 Ingresses take 100 seconds, if an answer comes within 160 ms.</summary>
    private const double PerSecond = 100;
    private const int AtOnce = 16;

    /// <summary>After so many, the newest news are looked at.</summary>
    private const int Round = 200;

    private readonly IngressStatuses statuses = new(options);
    private readonly WritePace pace = new(PerSecond, burst: 20, time);
    private readonly Pulse pulse = new(time);
    private ImmutableArray<StatusChange> changes = [];
    private volatile bool isFailing;

    /// <summary>What stands now. Call it in every replica and from one task only, after the data plane serves it.</summary>
    public void Note(ClusterSnapshot snapshot, IEnumerable<NamespacedName> served)
    {
        var next = statuses.Next(snapshot, served);
        ImmutableInterlocked.InterlockedExchange(ref changes, next);
        pulse.Beat();
    }

    /// <summary>
    /// One term of leadership. What can happen here: something differs, and is written; or the time has come to write again what failed or was written over.
    /// </summary>
    public async Task RunAsync(CancellationToken term)
    {
        var attempts = new StatusAttempts(time);
        while (true)
        {
            var (due, next) = attempts.Sort(changes);
            if (due.Count == 0)
            {
                await pulse.WaitAsync(next, term);
                continue;
            }

            await Parallel.ForEachAsync(
                due.Take(Round),
                new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = term },
                async (change, stop) => await WriteAsync(change, attempts, stop));
        }
    }

    private async Task WriteAsync(StatusChange change, StatusAttempts attempts, CancellationToken term)
    {
        try
        {
            await pace.WaitAsync(term);
            await (change.Withdrawn.IsEmpty ? SetAsync(change, term) : WithdrawAsync(change, term));
            attempts.Succeeded(change);
            Succeeded();
        }
        catch (OperationCanceledException) when (term.IsCancellationRequested)
        {
            throw;
        }
        catch (ApiException gone) when (IsGone(gone))
        {
            attempts.Succeeded(change); // the news of it are on their way
        }
        catch (Exception failure)
        {
            attempts.Failed(change);
            Failed(change, failure);
        }
    }

    private Task SetAsync(StatusChange change, CancellationToken term) =>
        PatchAsync(change.Name, new(change.Uid.NullIfEmpty()), [.. change.Wanted.Select(Entry)], options.Manager, term);

    private async Task WithdrawAsync(StatusChange change, CancellationToken term)
    {
        if (statuses.IsReleased(change.Name, change.Uid))
        {
            return;
        }

        var ingress = await api.GetAsync(Path(change.Name), WritingContext.Default.IngressStatusView, term);
        if ((ingress.Metadata?.Uid ?? "") != change.Uid)
        {
            return;
        }

        var entries = ingress.Status?.LoadBalancer?.Ingress ?? [];
        var addresses = entries.Select(Address).ToEquatableArray();
        var ours = OwnEntries.In(addresses, ingress.Metadata?.ManagedFields?.Manager, options.Manager, change.Withdrawn);
        if (!ours.IsEmpty)
        {
            var left = entries.Zip(addresses).Where(entry => !ours.Contains(entry.Second)).Select(entry => entry.First).ToList();
            await PatchAsync(change.Name, new(change.Uid, ingress.Metadata?.ResourceVersion), left, left.Count == 0 ? options.Manager : Remainder(options.Manager), term);
        }

        statuses.Release(change.Name, change.Uid);
    }

    /// <summary>Whose entries we leave: written by us they would be ours to whoever leads next.</summary>
    private static string Remainder(string manager)
    {
        const string suffix = "-withdrawn";
        const int longest = 128;
        return (manager.Length > longest - suffix.Length ? manager[..(longest - suffix.Length)] : manager) + suffix;
    }

    private Task PatchAsync(NamespacedName name, PatchedMeta expected, List<JsonElement> entries, string manager, CancellationToken term)
    {
        var patch = new StatusPatch(expected, new(new(entries.Count == 0 ? null : entries)));
        return api.PatchAsync($"{Path(name)}?fieldManager={Uri.EscapeDataString(manager)}", JsonSerializer.SerializeToUtf8Bytes(patch, WritingContext.Default.StatusPatch), term);
    }

    private static JsonElement Entry(LoadBalancerAddress address)
    {
        var ports = address.Ports.Select(port => new StatusPort(port.Port, port.Protocol, port.Error)).ToList();
        return JsonSerializer.SerializeToElement(new(address.Ip, address.Hostname, ports.Count == 0 ? null : ports), WritingContext.Default.StatusEntry);
    }

    private static LoadBalancerAddress Address(JsonElement entry)
    {
        var read = entry.Deserialize(WritingContext.Default.StatusEntry);
        return new(read?.Ip.NullIfEmpty(), read?.Hostname.NullIfEmpty());
    }

    private static string Path(NamespacedName name) => $"/apis/networking.k8s.io/v1/namespaces/{name.Namespace}/ingresses/{name.Name}/status";

    /// <summary>The Ingress is not there, or its name is another's by now: the API server says that a uid cannot be changed.</summary>
    private static bool IsGone(ApiException answer) =>
        answer.StatusCode == HttpStatusCode.NotFound
        || (answer.StatusCode == HttpStatusCode.UnprocessableEntity && answer.Message.Contains("metadata.uid", StringComparison.Ordinal));

    private void Failed(StatusChange change, Exception failure)
    {
        if (failure is ApiException { StatusCode: HttpStatusCode.TooManyRequests } busy)
        {
            pace.Hold(busy.RetryAfter);
        }
        else if (!isFailing && failure is not ApiException { StatusCode: HttpStatusCode.Conflict })
        {
            isFailing = true;
            log.StatusFailed(change.Name, failure.Message);
        }
    }

    private void Succeeded()
    {
        if (isFailing)
        {
            isFailing = false;
            log.StatusRecovered();
        }
    }
}
