using IngressController.Cluster;
using IngressController.Cluster.Resources;
using IngressController.Routing.Model;
using IngressController.Routing.Translation;

namespace IngressController.Routing.Explaining;

/// <summary>Whom a request concerns without answering it: Ingresses that name its host and are not served, and what is wrong with those that name it.</summary>
internal sealed record Concerned(EquatableArray<Problem> Problems, EquatableArray<PassedOver> PassedOver)
{
    /// <param name="host">The request's.</param>
    /// <param name="hosts">Those that could take it.</param>
    /// <param name="problems">All that stand.</param>
    public static Concerned By(
        string host, EquatableArray<HostCandidate> hosts, TlsExplanation tls, ClusterSnapshot snapshot, Translation.Translation translation, IEnumerable<Problem> problems)
    {
        var candidates = hosts.Select(candidate => candidate.Host).ToHashSet();
        var ingresses = snapshot.Ingresses.Values.Where(ingress => Names(ingress, candidates)).ToDictionary(ingress => ingress.Key);
        var ofTls = tls.Certificates.Select(source => (new ResourceKey(ResourceKind.Ingress, source.Ingress), source.Field)).ToHashSet();
        var isUndeclared = !hosts.Any(candidate => candidate.Exists);
        var found = problems.Where(IsConcerned).Order().ToEquatableArray();
        var unread = found.Where(problem => problem is { Hosts.IsEmpty: false, Object: { } key } && !ingresses.ContainsKey(key)).DistinctBy(problem => problem.Object);
        var selection = new ClassSelection(translation.Options, snapshot.IngressClasses);
        var passedOver = ingresses.Values
            .Where(ingress => !translation.Translated.ContainsKey(ingress.Metadata.Name))
            .Select(ingress => new PassedOver(ingress.Metadata.Name, selection.IsOurs(ingress, out _) ? $"its namespace {ingress.Metadata.Name.Namespace} is being deleted" : selection.WhyNot(ingress).ToString()))
            .Concat(unread.Select(problem => new PassedOver(problem.Object!.Value.Name, WhyUnread(problem))));
        return new(found, [.. passedOver.OrderBy(ingress => ingress.Ingress)]);

        bool IsConcerned(Problem problem) =>
            !problem.Hosts.IsEmpty ? ProblemHosts.Names(problem, host, candidates)
            : problem.Object is not { } key ? isUndeclared && problem.Severity == Severity.Error // whoever declares it may stand in what cannot be read
            : ofTls.Contains((key, problem.Field)) || (ingresses.ContainsKey(key) && candidates.Any(candidate => ProblemHosts.IsAbout(problem, candidate, snapshot)));
    }

    /// <summary>In a rule, or it has none.</summary>
    private static bool Names(Ingress ingress, HashSet<HostName> candidates) =>
        ingress.Rules.IsEmpty || ingress.Rules.Any(rule => HostName.TryParse(rule.Host, out var host) && candidates.Contains(host));

    private static string WhyUnread(Problem problem) =>
        $"{problem.Code}: {(problem.Field.Length > 0 ? $"{problem.Field}: " : "")}{problem.Message}{(problem.Cure.Length > 0 ? $". {problem.Cure}" : "")}";
}
