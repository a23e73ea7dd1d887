using System.Collections.Immutable;
using IngressController.Cluster;
using IngressController.Cluster.Resources;
using IngressController.Routing.Model;

namespace IngressController.Routing.Translation;

/// <summary>What the translation remembers about the TLS of hosts from one step to the next.</summary>
/// <param name="Ingresses">Who says something about a host, oldest first.</param>
/// <param name="SecretUsers">Which hosts a Secret matters to.</param>
internal sealed record TlsTranslation(
    ImmutableDictionary<HostName, ImmutableSortedSet<IngressAge>> Ingresses,
    ImmutableDictionary<HostName, ImmutableArray<Problem>> Problems,
    ImmutableDictionary<NamespacedName, ImmutableHashSet<HostName>> SecretUsers)
{
    public static TlsTranslation None { get; } = new(
        ImmutableDictionary<HostName, ImmutableSortedSet<IngressAge>>.Empty,
        ImmutableDictionary<HostName, ImmutableArray<Problem>>.Empty,
        ImmutableDictionary<NamespacedName, ImmutableHashSet<HostName>>.Empty);
}

/// <summary>One step of it: the hosts that Ingresses touch, the hosts that changed Secrets matter to, and the certificates in use.</summary>
internal sealed class TlsDraft(TlsTranslation before, RoutingModel model, ClusterChange change, NamespacedName? defaultCertificate)
{
    private readonly ImmutableDictionary<HostName, ImmutableSortedSet<IngressAge>>.Builder ingresses = before.Ingresses.ToBuilder();
    private readonly ImmutableDictionary<HostName, ImmutableArray<Problem>>.Builder problems = before.Problems.ToBuilder();
    private readonly ImmutableDictionary<NamespacedName, ImmutableHashSet<HostName>>.Builder users = before.SecretUsers.ToBuilder();
    private readonly ImmutableDictionary<HostName, HostTls>.Builder hosts = model.Tls.ToBuilder();
    private readonly HashSet<HostName> touched = [];
    private readonly HashSet<NamespacedName> touchedSecrets = [];

    public void Replace(IngressTranslation? old, IngressTranslation? now)
    {
        foreach (var host in old?.Tls.Keys ?? [])
        {
            touched.Add(host);
            ingresses[host] = ingresses[host].Remove(old!.Age);
        }

        foreach (var host in now?.Tls.Keys ?? [])
        {
            touched.Add(host);
            ingresses[host] = ingresses.GetValueOrDefault(host) is { IsEmpty: false } others ? others.Add(now!.Age) : now!.Alone;
        }
    }

    /// <param name="translated">Each Ingress by itself.</param>
    /// <param name="rules">Who has rules for a host, oldest first; null for nobody.</param>
    /// <param name="touchedHosts">Hosts whose rules may have changed.</param>
    public (TlsTranslation Translation, RoutingModel Model, RoutingChange Change) Finish(
        Func<NamespacedName, IngressTranslation> translated, Func<HostName, ImmutableSortedSet<IngressAge>?> rules, IEnumerable<HostName> touchedHosts, RoutingChange rest)
    {
        touched.UnionWith(touchedHosts.Where(ingresses.ContainsKey)); // another Ingress may be the oldest now
        touched.UnionWith(SharedUnder(touched.Where(host => host.IsWildcard).ToHashSet(), rules));
        foreach (var key in change.Changed.Where(key => key.Kind == ResourceKind.Secret))
        {
            touchedSecrets.Add(key.Name);
            touched.UnionWith(users.GetValueOrDefault(key.Name) ?? []);
        }

        if (model.DefaultCertificate is null && defaultCertificate is { } given)
        {
            touchedSecrets.Add(given);
        }

        var changed = touched.Where(host => Merge(host, translated, rules(host)?[0])).ToImmutableHashSet();
        var (certificates, changedCertificates) = Certificates();
        var next = rest.Model with { Tls = hosts.ToImmutable(), Certificates = certificates, DefaultCertificate = defaultCertificate };
        return (
            new(ingresses.ToImmutable(), problems.ToImmutable(), users.ToImmutable()),
            next,
            rest with { Model = next, Tls = changed, Certificates = changedCertificates });
    }

    /// <summary>Hosts for which it may have changed when the certificate of a wildcard stands in for theirs: those of other namespaces.</summary>
    private HostName[] SharedUnder(HashSet<HostName> wildcards, Func<HostName, ImmutableSortedSet<IngressAge>?> rules)
    {
        return wildcards.Count == 0 ? [] : [.. ingresses.Where(pair => IsShared(pair.Key, pair.Value)).Select(pair => pair.Key)];

        bool IsShared(HostName host, ImmutableSortedSet<IngressAge> saying) =>
            host.Wildcard is { } wildcard && wildcards.Contains(wildcard)
            && ((rules(host)?[0].Name.Namespace is { } ruler && saying.Any(age => age.Name.Namespace != ruler))
                || (ingresses.GetValueOrDefault(wildcard) ?? []).Any(other => saying.Any(age => age.Name.Namespace != other.Name.Namespace))
                || hosts.GetValueOrDefault(host)?.Certificates.Any(source => source.StandIn != StandIn.IfWrong) == true);
    }

    private bool Merge(HostName host, Func<NamespacedName, IngressTranslation> translated, IngressAge? ruler)
    {
        var old = hosts.GetValueOrDefault(host);
        Unuse(host, old);
        if (ingresses[host].IsEmpty)
        {
            ingresses.Remove(host);
            problems.Remove(host);
            return hosts.Remove(host);
        }

        var wildcard = host.Wildcard is { } covering && ingresses.GetValueOrDefault(covering) is { } saying
            ? saying.Where(age => !translated(age.Name).Tls[covering].Certificates.IsEmpty).Select(age => (IngressAge?)age).FirstOrDefault()
            : null;
        var (merged, found) = new TlsMerger(host, [.. ingresses[host].Select(age => translated(age.Name))], ruler, wildcard).Merge(change.Snapshot.Secrets);
        foreach (var secret in SecretsOf(merged))
        {
            users[secret] = (users.GetValueOrDefault(secret) ?? []).Add(host);
            touchedSecrets.Add(secret);
        }

        if (found.IsEmpty)
        {
            problems.Remove(host);
        }
        else
        {
            problems[host] = found;
        }

        if (merged == HostTls.None)
        {
            return hosts.Remove(host); // everything that was said is refused
        }

        hosts[host] = merged;
        return merged != old;
    }

    private void Unuse(HostName host, HostTls? old)
    {
        foreach (var secret in SecretsOf(old ?? HostTls.None))
        {
            touchedSecrets.Add(secret);
            var left = users[secret].Remove(host);
            if (left.IsEmpty)
            {
                users.Remove(secret);
            }
            else
            {
                users[secret] = left;
            }
        }
    }

    /// <summary>The certificates in use as far as they exist, and those among them that are not what they were.</summary>
    private (ImmutableDictionary<NamespacedName, Secret> All, ImmutableHashSet<NamespacedName> Changed) Certificates()
    {
        var all = model.Certificates.ToBuilder();
        var changed = ImmutableHashSet.CreateBuilder<NamespacedName>();
        foreach (var name in touchedSecrets)
        {
            var now = users.ContainsKey(name) || name == defaultCertificate ? change.Snapshot.Secrets.GetValueOrDefault(name) : null;
            if (Equals(now, all.GetValueOrDefault(name)))
            {
                continue;
            }

            changed.Add(name);
            if (now is null)
            {
                all.Remove(name);
            }
            else
            {
                all[name] = now;
            }
        }

        return (all.ToImmutable(), changed.ToImmutable());
    }

    private static IEnumerable<NamespacedName> SecretsOf(HostTls tls) =>
        tls.Certificates.Select(source => source.Secret).Concat(tls.Clients is { } clients ? [clients.Secret] : []).Distinct();
}
