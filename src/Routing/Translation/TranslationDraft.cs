using System.Collections.Immutable;
using IngressController.Cluster;
using IngressController.Cluster.Resources;
using IngressController.Routing.Model;

namespace IngressController.Routing.Translation;

/// <summary>
/// One step of translation, in this order: which Ingresses are to be looked at again, what each says, the hosts that they touch, the catch-all, the
/// backends of Services that changed. Each part asks only for what the part before it found changed.
/// </summary>
internal sealed class TranslationDraft
{
    private readonly Translation before;
    private readonly ClusterChange change;
    private readonly ImmutableDictionary<NamespacedName, IngressTranslation>.Builder translated;
    private readonly ImmutableDictionary<NamespacedName, Problem>.Builder classProblems;
    private readonly ImmutableDictionary<HostName, ImmutableSortedSet<IngressAge>>.Builder hostIngresses;
    private readonly ImmutableDictionary<HostName, ImmutableArray<Problem>>.Builder hostProblems;
    private readonly ImmutableDictionary<HostName, HostRoutes>.Builder hosts;
    private readonly BackendDraft backends;
    private readonly TlsDraft tls;
    private readonly HashSet<HostName> touchedHosts = [];
    private ImmutableSortedSet<IngressAge> catchAlls;

    public TranslationDraft(Translation before, ClusterChange change)
    {
        this.before = before;
        this.change = change;
        translated = before.Translated.ToBuilder();
        classProblems = before.ClassProblems.ToBuilder();
        hostIngresses = before.HostIngresses.ToBuilder();
        hostProblems = before.HostProblems.ToBuilder();
        hosts = before.Model.Hosts.ToBuilder();
        backends = new(before, change);
        tls = new(before.Tls, before.Model, change, before.Options.DefaultTlsSecret);
        catchAlls = before.CatchAlls;
    }

    public TranslationStep Finish()
    {
        var selection = new ClassSelection(before.Options, change.Snapshot.IngressClasses);
        foreach (var name in IngressesToLookAt())
        {
            Replace(name, Translate(name, selection));
        }

        var catchAll = CatchAll();
        backends.Use(before.Model.CatchAll is { Ingress: null } old ? old : null, catchAll is { Ingress: null } @new ? @new : null);
        var changedHosts = touchedHosts.Where(MergeHost).ToImmutableHashSet();
        var changedBackends = backends.Resolve();
        var (nextTls, _, routing) = tls.Finish(
            name => translated[name], host => hostIngresses.GetValueOrDefault(host), touchedHosts, new(new(hosts.ToImmutable(), backends.Backends, catchAll), changedHosts, changedBackends));
        var (streams, all) = new StreamDraft(before.Streams, before.Model, change, before.Options).Finish(routing);
        var translation = new Translation(before.Options)
        {
            Model = all.Model,
            Translated = translated.ToImmutable(),
            ClassProblems = classProblems.ToImmutable(),
            HostIngresses = hostIngresses.ToImmutable(),
            HostProblems = hostProblems.ToImmutable(),
            CatchAlls = catchAlls,
            BackendUsers = backends.Users,
            UpstreamSecrets = backends.Secrets,
            Tls = nextTls,
            Streams = streams,
        };
        var isAboutProblems = TouchesProblems(translation, changedBackends);
        return new(isAboutProblems ? translation : translation.TakeProblemsOf(before), all);
    }

    /// <summary>Problems are said by Ingresses, hosts, and backends that are not as they should be.</summary>
    private bool TouchesProblems(Translation now, ImmutableHashSet<BackendKey> changedBackends) =>
        now.Translated != before.Translated
        || now.ClassProblems != before.ClassProblems
        || now.HostProblems != before.HostProblems
        || now.Tls.Problems != before.Tls.Problems
        || now.Streams.Problems != before.Streams.Problems
        || now.Streams.ReadingProblems != before.Streams.ReadingProblems
        || now.CatchAlls != before.CatchAlls
        || now.BackendUsers != before.BackendUsers
        || changedBackends.Any(key => IsTroubled(before.Model, key) || IsTroubled(now.Model, key));

    private static bool IsTroubled(RoutingModel model, BackendKey key) =>
        model.Backends.TryGetValue(key, out var backend) && (backend.Trouble is not null || !backend.Warnings.IsEmpty);

    /// <summary>A changed class or namespace may make any Ingress ours or not; what such an Ingress says by itself is the same as before.</summary>
    private IEnumerable<NamespacedName> IngressesToLookAt()
    {
        var changed = change.Changed.Where(key => key.Kind == ResourceKind.Ingress).Select(key => key.Name);
        return change.Changed.Any(key => key.Kind is ResourceKind.IngressClass or ResourceKind.Namespace)
            ? change.Snapshot.Ingresses.Keys.Union(changed)
            : changed;
    }

    private IngressTranslation? Translate(NamespacedName name, ClassSelection selection)
    {
        classProblems.Remove(name);
        if (!change.Snapshot.Ingresses.TryGetValue(name, out var ingress) || IsTerminating(name.Namespace))
        {
            return null;
        }

        var isOurs = selection.IsOurs(ingress, out var problem);
        if (problem is not null)
        {
            classProblems[name] = problem;
        }

        var unchanged = !change.Changed.Contains(new(ResourceKind.Ingress, name));
        return !isOurs ? null
            : unchanged && translated.TryGetValue(name, out var known) ? known
            : IngressTranslator.Translate(ingress, before.Options);
    }

    private bool IsTerminating(string @namespace) =>
        change.Snapshot.Namespaces.TryGetValue(new("", @namespace), out var found) && found.Metadata.IsTerminating;

    private void Replace(NamespacedName name, IngressTranslation? now)
    {
        var old = translated.GetValueOrDefault(name);
        if (ReferenceEquals(old, now))
        {
            return;
        }

        tls.Replace(old, now);
        foreach (var host in old?.Hosts.Keys ?? [])
        {
            touchedHosts.Add(host);
            hostIngresses[host] = hostIngresses[host].Remove(old!.Age);
        }

        foreach (var host in now?.Hosts.Keys ?? [])
        {
            touchedHosts.Add(host);
            hostIngresses[host] = hostIngresses.GetValueOrDefault(host) is { IsEmpty: false } others ? others.Add(now!.Age) : now!.Alone;
        }

        catchAlls = old is null ? catchAlls : catchAlls.Remove(old.Age);
        catchAlls = now is { IsCatchAll: true, Default: not null } ? catchAlls.Add(now.Age) : catchAlls;
        foreach (var route in old?.Routes ?? [])
        {
            backends.Use(route, null);
        }

        foreach (var route in now?.Routes ?? [])
        {
            backends.Use(null, route);
        }

        if (now is null)
        {
            translated.Remove(name);
        }
        else
        {
            translated[name] = now;
        }
    }

    private Route? CatchAll()
    {
        if (!catchAlls.IsEmpty)
        {
            return translated[catchAlls[0].Name].Default;
        }

        return before.Options.DefaultBackendService is { } service
            ? new(null, "--default-backend-service", HostName.Any, new(PathKind.Prefix, "/"), new(service.Service, service.Port, UpstreamPolicy.Default), null, RoutePolicies.Of(before.Options))
            : null;
    }

    private bool MergeHost(HostName host)
    {
        var declared = hostIngresses[host];
        if (declared.IsEmpty)
        {
            hostIngresses.Remove(host);
            hostProblems.Remove(host);
            return hosts.Remove(host);
        }

        var (merged, problems) = HostMerger.Merge(host, [.. declared.Select(age => translated[age.Name])]);
        if (problems.IsEmpty)
        {
            hostProblems.Remove(host);
        }
        else
        {
            hostProblems[host] = problems;
        }

        var isChanged = !hosts.TryGetValue(host, out var old) || old != merged;
        if (isChanged)
        {
            hosts[host] = merged;
        }

        return isChanged;
    }
}
