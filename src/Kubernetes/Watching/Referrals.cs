using System.Collections.Concurrent;
using IngressController.Cluster;
using IngressController.Cluster.Resources;

namespace IngressController.Kubernetes.Watching;

/// <summary>
/// Which Secrets and ConfigMaps something refers to. What an annotation means is not known here, so the rule is generous: an Ingress refers to the
/// <c>secretName</c>s of its TLS, and to whatever one of its annotations has as its whole value, <c>NAME</c> or <c>NAMESPACE/NAME</c>.
/// </summary>
/// <param name="named">What flags name: always referred to.</param>
internal sealed class Referrals(IEnumerable<NamespacedName> named)
{
    private readonly Dictionary<NamespacedName, Ingress> ingresses = [];

    /// <summary>How often each name is referred to, never 0.</summary>
    private readonly ConcurrentDictionary<NamespacedName, int> counts = new(named.Distinct().Select(name => KeyValuePair.Create(name, 1)));

    /// <summary>Thread-safe, unlike the rest.</summary>
    public bool Has(NamespacedName name) => counts.ContainsKey(name);

    /// <summary>Costs what the Ingress is long.</summary>
    /// <param name="now">Null where it is gone.</param>
    /// <returns>The names that are referred to from now on, or no longer.</returns>
    public IReadOnlyList<NamespacedName> Follow(NamespacedName ingress, Ingress? now)
    {
        HashSet<NamespacedName> before = ingresses.TryGetValue(ingress, out var known) ? [.. NamesIn(known)] : [];
        HashSet<NamespacedName> after = now is null ? [] : [.. NamesIn(now)];
        _ = now is null ? ingresses.Remove(ingress) : (ingresses[ingress] = now) is not null;
        return [.. after.Except(before).Where(IsFirst), .. before.Except(after).Where(IsLast)];
    }

    private bool IsFirst(NamespacedName name) => counts.AddOrUpdate(name, 1, (_, count) => count + 1) == 1;

    private bool IsLast(NamespacedName name) => counts.AddOrUpdate(name, 0, (_, count) => count - 1) == 0 && counts.TryRemove(name, out _);

    private static IEnumerable<NamespacedName> NamesIn(Ingress ingress)
    {
        var space = ingress.Metadata.Name.Namespace;
        return ingress.Tls.Select(tls => tls.SecretName).OfType<string>().Select(secret => new NamespacedName(space, secret))
            .Concat(ingress.Metadata.Annotations.Select(annotation => NamespacedName.InAnnotation(annotation.Value, space)).OfType<NamespacedName>());
    }
}
