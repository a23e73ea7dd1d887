using System.Collections.Frozen;
using System.Collections.Immutable;
using IngressController.Cluster;
using IngressController.Routing.Model;

namespace IngressController.Routing.Translation;

/// <summary>The age of an Ingress, by which conflicts are decided: creationTimestamp, then namespace and name.</summary>
internal readonly record struct IngressAge(DateTimeOffset Created, NamespacedName Name) : IComparable<IngressAge>
{
    public int CompareTo(IngressAge other)
    {
        var order = Created.CompareTo(other.Created);
        return order != 0 ? order : Name.CompareTo(other.Name);
    }
}

/// <summary>What one Ingress says, before it meets the others. Its maps are frozen because most have one entry, for which that takes half as much memory as a dictionary.</summary>
/// <param name="Hosts">The hosts that it declares, with their routes in the order of the manifest.</param>
/// <param name="Default">From spec.defaultBackend.</param>
/// <param name="Tls">What it says about the TLS of hosts; client authorities are still to be read from their Secret.</param>
/// <param name="IsRefused">Something that protects its paths cannot be carried out.</param>
/// <param name="HasPatterns">
/// Its paths are patterns, which cannot be read. Where it is refused, any request to its hosts might be one that it protects. What it protects
/// is in its namespace, so only that namespace's routes of these hosts are closed.
/// </param>
/// <param name="IsCatchAll">Without rules: its default backend stands for everything that nobody else answers.</param>
internal sealed record IngressTranslation(
    IngressAge Age,
    FrozenDictionary<HostName, ImmutableArray<Route>> Hosts,
    Route? Default,
    FrozenDictionary<HostName, HostTls> Tls,
    bool IsRefused,
    bool HasPatterns,
    bool IsCatchAll,
    ImmutableArray<Problem> Problems)
{
    /// <summary>For its hosts that nobody else shares, which most hosts are: one set for all of them.</summary>
    public ImmutableSortedSet<IngressAge> Alone { get; } = [Age];

    public IEnumerable<Route> Routes => Hosts.Values.SelectMany(routes => routes.AsEnumerable()).Concat(Default is null ? [] : [Default]);
}
