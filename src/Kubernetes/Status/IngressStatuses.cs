using System.Collections.Concurrent;
using System.Collections.Immutable;
using IngressController.Cluster;
using IngressController.Cluster.Resources;

namespace IngressController.Kubernetes.Status;

/// <summary>
/// What the status of each Ingress should be. That an Ingress was ours stands in the cluster itself (metadata.managedFields), so it is known after a time in
/// which no replica ran. Remembered is only what that does not say: which entries were ours before another wrote. Does no I/O, and belongs to one thread where
/// nothing else is said.
/// </summary>
internal sealed class IngressStatuses(PublishOptions options)
{
    /// <summary>By name, with the uid: what was taken back, of which the news may be on their way or have been overtaken by what another wrote since.</summary>
    private readonly ConcurrentDictionary<NamespacedName, string> released = new();
    private Dictionary<NamespacedName, Claim> claims = [];

    /// <param name="served">Our Ingresses, as the data plane serves them.</param>
    /// <returns>What differs, ours in the given order.</returns>
    public ImmutableArray<StatusChange> Next(ClusterSnapshot snapshot, IEnumerable<NamespacedName> served)
    {
        var wanted = PublishedAddresses.Of(options, snapshot);
        var present = served.Where(snapshot.Ingresses.ContainsKey).ToList();
        var ours = present.ToHashSet();
        Forget(snapshot, ours);
        claims = snapshot.Ingresses.Values
            .Select(ingress => new Claim(ingress.Metadata.Name, ingress.Metadata.Uid, Ours(ingress, ours.Contains(ingress.Metadata.Name) ? wanted : null)))
            .Where(claim => !claim.Entries.IsEmpty)
            .ToDictionary(claim => claim.Name);
        return
        [
            .. from name in present
               let ingress = snapshot.Ingresses[name]
               let addresses = wanted ?? ingress.Addresses
               where ingress.Addresses != addresses && !ingress.Metadata.IsTerminating
               select new StatusChange(name, ingress.Metadata.Uid, addresses, []),
            .. from claim in claims.Values
               where !ours.Contains(claim.Name)
               let ingress = snapshot.Ingresses[claim.Name]
               where !ingress.Metadata.IsTerminating
               select new StatusChange(claim.Name, claim.Uid, ingress.Addresses.Except(claim.Entries).ToEquatableArray(), claim.Entries),
        ];
    }

    /// <summary>An Ingress that is no longer ours has lost our entries: what stands there from now on is another's. Thread-safe.</summary>
    public void Release(NamespacedName name, string uid) => released[name] = uid;

    /// <summary>Thread-safe.</summary>
    public bool IsReleased(NamespacedName name, string uid) => released.TryGetValue(name, out var known) && known == uid;

    private void Forget(ClusterSnapshot snapshot, HashSet<NamespacedName> ours)
    {
        foreach (var name in released.Keys.Where(name => ours.Contains(name) || !snapshot.Ingresses.ContainsKey(name)))
        {
            released.TryRemove(name, out _);
        }
    }

    /// <param name="wanted">What the status of a served Ingress should be; null for others.</param>
    private EquatableArray<LoadBalancerAddress> Ours(Ingress ingress, EquatableArray<LoadBalancerAddress>? wanted)
    {
        var known = IsReleased(ingress.Metadata.Name, ingress.Metadata.Uid) ? []
            : claims.TryGetValue(ingress.Metadata.Name, out var claim) && claim.Uid == ingress.Metadata.Uid ? claim.Entries
            : ingress.Addresses == wanted && OwnEntries.IsNobody(ingress.StatusManager) ? ingress.Addresses // as we would have written it
            : [];
        return OwnEntries.In(ingress.Addresses, ingress.StatusManager, options.Manager, known);
    }

    /// <param name="Entries">Not empty.</param>
    private readonly record struct Claim(NamespacedName Name, string Uid, EquatableArray<LoadBalancerAddress> Entries);
}
