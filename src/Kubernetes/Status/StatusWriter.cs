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
    /// <summary>10,000 Ingresses take 100 seconds.</summary>
    private const double PerSecond = 100;
    private const int AtOnce = 8;

    /// <summary>After so many, the newest news are looked at.</summary>
    private const int Round = 200;

    private readonly IngressStatuses statuses = new(options, time);
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
        catch (ApiException gone) when (gone.StatusCode == HttpStatusCode.NotFound)
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
        PatchAsync(change.Name, new(change.Uid.NullIfEmpty()), [.. change.Wanted.Select(Entry)], term);

    private async Task WithdrawAsync(StatusChange change, CancellationToken term)
    {
        var ingress = await api.GetAsync(Path(change.Name), WritingContext.Default.IngressStatusView, term);
        var entries = ingress.Status?.LoadBalancer?.Ingress ?? [];
        var left = entries.Where(entry => !change.Withdrawn.Any(ours => IsSame(entry, ours))).ToList();
        if (left.Count < entries.Count && (ingress.Metadata?.Uid ?? "") == change.Uid)
        {
            await PatchAsync(change.Name, new(ingress.Metadata?.Uid, ingress.Metadata?.ResourceVersion), left, term);
        }
    }

    private Task PatchAsync(NamespacedName name, PatchedMeta expected, List<JsonElement> entries, CancellationToken term)
    {
        var patch = new StatusPatch(expected, new(new(entries.Count == 0 ? null : entries)));
        return api.PatchAsync(Path(name), JsonSerializer.SerializeToUtf8Bytes(patch, WritingContext.Default.StatusPatch), term);
    }

    private static JsonElement Entry(LoadBalancerAddress address)
    {
        var ports = address.Ports.Select(port => new StatusPort(port.Port, port.Protocol, port.Error)).ToList();
        return JsonSerializer.SerializeToElement(new(address.Ip, address.Hostname, ports.Count == 0 ? null : ports), WritingContext.Default.StatusEntry);
    }

    private static bool IsSame(JsonElement entry, LoadBalancerAddress address) =>
        entry.Deserialize(WritingContext.Default.StatusEntry) is { } read && read.Ip.NullIfEmpty() == address.Ip && read.Hostname.NullIfEmpty() == address.Hostname;

    private static string Path(NamespacedName name) => $"/apis/networking.k8s.io/v1/namespaces/{name.Namespace}/ingresses/{name.Name}/status";

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
