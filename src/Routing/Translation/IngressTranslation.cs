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

/// <summary>What one Ingress says, before it meets the others.</summary>
/// <param name="Hosts">The hosts that it declares, each once, with its routes in the order of the manifest.</param>
/// <param name="Default">From spec.defaultBackend.</param>
/// <param name="IsCatchAll">Without rules: its default backend stands for everything that nobody else answers.</param>
internal sealed record IngressTranslation(
    IngressAge Age,
    ImmutableArray<(HostName Host, ImmutableArray<Route> Routes)> Hosts,
    Route? Default,
    bool IsCatchAll,
    ImmutableArray<Problem> Problems)
{
    public IEnumerable<Route> Routes => Hosts.SelectMany(host => host.Routes).Concat(Default is null ? [] : [Default]);
}
