using System.Collections.Immutable;
using IngressController.Cluster;
using IngressController.Cluster.Resources;

namespace IngressController.Kubernetes.Status;

/// <summary>
/// Knows which Ingresses are ours, which were, and what their status should be. Every replica keeps this book, so that whoever leads next knows what the last one knew.
/// Belongs to one thread and does no I/O.
/// </summary>
internal sealed class IngressStatuses(PublishOptions options, TimeProvider time)
{
    /// <summary>A write that was on its way when an Ingress left us has arrived by then, and its echo too.</summary>
    private static readonly TimeSpan Aftermath = TimeSpan.FromMinutes(1);

    private readonly Dictionary<NamespacedName, Departure> departed = [];
    private Dictionary<NamespacedName, string> ours = [];
    private ImmutableHashSet<LoadBalancerAddress> everPublished = [];

    /// <param name="served">Our Ingresses, as the data plane serves them.</param>
    /// <returns>What differs, ours in the given order.</returns>
    public ImmutableArray<StatusChange> Next(ClusterSnapshot snapshot, IEnumerable<NamespacedName> served)
    {
        var present = served.Where(snapshot.Ingresses.ContainsKey).Select(name => snapshot.Ingresses[name]).ToList();
        NoteDepartures(snapshot, present);
        var changes = ImmutableArray.CreateBuilder<StatusChange>();
        if (PublishedAddresses.Of(options, snapshot) is { } addresses)
        {
            everPublished = everPublished.Union(addresses.Select(WithoutPorts));
            changes.AddRange(
                from ingress in present
                where ingress.Addresses != addresses && !ingress.Metadata.IsTerminating
                select new StatusChange(ingress.Metadata.Name, ingress.Metadata.Uid, addresses, []));
        }

        changes.AddRange(Withdrawals(snapshot));
        return changes.ToImmutable();
    }

    private void NoteDepartures(ClusterSnapshot snapshot, List<Ingress> present)
    {
        var now = present.ToDictionary(ingress => ingress.Metadata.Name, ingress => ingress.Metadata.Uid);
        foreach (var (name, uid) in ours)
        {
            if (!now.ContainsKey(name))
            {
                departed[name] = new(uid, time.GetTimestamp());
            }
        }

        foreach (var (name, departure) in departed)
        {
            if (now.ContainsKey(name) || !snapshot.Ingresses.TryGetValue(name, out var ingress) || ingress.Metadata.Uid != departure.Uid || ingress.Metadata.IsTerminating)
            {
                departed.Remove(name);
            }
        }

        ours = now;
    }

    private List<StatusChange> Withdrawals(ClusterSnapshot snapshot)
    {
        var changes = new List<StatusChange>();
        foreach (var (name, departure) in departed)
        {
            var entries = snapshot.Ingresses[name].Addresses;
            var left = entries.Where(entry => !everPublished.Contains(WithoutPorts(entry))).ToEquatableArray();
            if (left.Count < entries.Count)
            {
                changes.Add(new(name, departure.Uid, left, entries.Where(entry => everPublished.Contains(WithoutPorts(entry))).ToEquatableArray()));
            }
            else if (time.GetElapsedTime(departure.At) > Aftermath)
            {
                departed.Remove(name);
            }
        }

        return changes;
    }

    private static LoadBalancerAddress WithoutPorts(LoadBalancerAddress address) => address with { Ports = [] };

    private readonly record struct Departure(string Uid, long At);
}
