using System.Collections.Concurrent;
using IngressController.Cluster;
using IngressController.Cluster.Resources;
using Microsoft.Extensions.Logging;

namespace IngressController.Certificates.Acme.Issuing;

/// <summary>What all orders of one term share. Thread-safe.</summary>
/// <param name="Term">What is written is written to its end, even if its order is not wanted any more.</param>
internal sealed record Desk(
    AcmeOptions Options, ISecretWriter Secrets, StateBook Book, Accounts Accounts, NewsBoard News, FreshSecrets Fresh, AcmeMetrics Metrics, TimeProvider Time, ILogger Log, CancellationToken Term)
{
    public DateTimeOffset Now => Time.GetUtcNow();

    /// <exception cref="StateLostException"/>
    public Task UpdateAsync(Func<AcmeState, AcmeState> change) => Book.UpdateAsync(change, Term);
}

/// <summary>Secrets as they were found or written, until the news of them have come. Thread-safe.</summary>
internal sealed class FreshSecrets(TimeProvider time)
{
    /// <summary>Then they are looked at again: news may skip what did not last.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<NamespacedName, (Secret? Seen, HeldCertificate? Fresh, DateTimeOffset Until)> known = new();

    /// <param name="seen">What the news said meanwhile; null: no Secret.</param>
    public void Note(NamespacedName name, Secret? seen, HeldCertificate? fresh) => known[name] = (seen, fresh, time.GetUtcNow() + Longest);

    /// <summary>What Secrets hold by the news, and by what is known better.</summary>
    public IReadOnlyDictionary<NamespacedName, HeldCertificate> Over(News news)
    {
        var all = news.Held;
        foreach (var (name, (seen, fresh, until)) in known)
        {
            if (until < time.GetUtcNow() || news.Secrets.GetValueOrDefault(name) != seen)
            {
                known.TryRemove(name, out _);
            }
            else
            {
                all = fresh is null ? all.Remove(name) : all.SetItem(name, fresh);
            }
        }

        return all;
    }
}
