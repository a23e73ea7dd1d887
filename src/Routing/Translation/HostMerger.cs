using System.Collections.Immutable;
using IngressController.Cluster;
using IngressController.Routing.Model;

namespace IngressController.Routing.Translation;

/// <summary>Makes one host of what several Ingresses say about it. The oldest wins; every loser is told.</summary>
internal static class HostMerger
{
    /// <param name="oldestFirst">At least one.</param>
    public static (HostRoutes Host, ImmutableArray<Problem> Problems) Merge(HostName host, IReadOnlyList<IngressTranslation> oldestFirst)
    {
        var decider = ClientDecision.Decider(host, oldestFirst, oldestFirst[0].Age.Name.Namespace);
        var inForce = decider is null ? null : ClientDecision.AskedBy(decider, host);
        var routes = new Dictionary<PathPattern, Route>();
        var problems = ImmutableArray.CreateBuilder<Problem>();
        var ingresses = new List<NamespacedName>();
        var closed = new HashSet<string>();
        var refused = new HashSet<NamespacedName>();
        Route? @default = null;
        foreach (var ingress in oldestFirst)
        {
            ingresses.Add(ingress.Age.Name);
            var isRefused = ClientDecision.IsRefused(ClientDecision.AskedBy(ingress, host), inForce); // TlsMerger says so
            if (isRefused)
            {
                refused.Add(ingress.Age.Name);
            }

            if ((isRefused || ingress.IsRefused) && ingress.HasPatterns)
            {
                closed.Add(ingress.Age.Name.Namespace);
            }

            foreach (var route in ingress.Hosts[host])
            {
                if (!routes.TryAdd(route.Path, route))
                {
                    problems.Add(Conflict(route, routes[route.Path]));
                }
            }

            if (ingress.Default is { } candidate)
            {
                @default ??= candidate with { Host = host };
                if (@default.Ingress != ingress.Age.Name)
                {
                    problems.Add(DefaultConflict(candidate, @default, host));
                }
            }
        }

        problems.AddRange(Shadowed(routes));
        return (
            new(host, routes.Values.Select(Closed).OrderBy(route => route.Path).ToEquatableArray(), @default is null ? null : Closed(@default), ingresses.ToEquatableArray()),
            problems.DrainToImmutable());

        Route Closed(Route route) =>
            closed.Contains(route.Ingress!.Value.Namespace) || refused.Contains(route.Ingress!.Value) ? route with { Backend = null, Refusal = ProblemCode.AnnotationRefused } : route;
    }

    public static Problem DefaultConflict(Route loser, Route winner, HostName host) => new(
        ProblemCode.DefaultBackendConflict,
        Severity.Warning,
        new(ResourceKind.Ingress, loser.Ingress!.Value),
        loser.Field,
        host.IsAny && winner.Host.IsAny
            ? $"Ingress {winner.Ingress}, which is older or, at the same age, first by name, already is the default backend for requests that no rule matches"
            : $"Ingress {winner.Ingress}, which is older or, at the same age, first by name, already sets the default backend of host {host}",
        "Keep only one of the two");

    private static Problem Conflict(Route loser, Route winner) => new(
        ProblemCode.PathConflict,
        Severity.Error,
        new(ResourceKind.Ingress, loser.Ingress!.Value),
        $"{loser.Field}.path",
        winner.Ingress == loser.Ingress
            ? $"{Describe(loser)} stands in this Ingress twice; {winner.Field} is used"
            : $"{Describe(loser)} already belongs to Ingress {winner.Ingress}, which is older or, at the same age, first by name",
        "Remove one of the two, or choose another path");

    /// <summary>Of the prefixes /foo/ and /foo, which match the same paths, the longer wins everything.</summary>
    private static IEnumerable<Problem> Shadowed(Dictionary<PathPattern, Route> routes) =>
        from loser in routes.Values
        where loser.Path.Kind == PathKind.Prefix && !loser.Path.Text.EndsWith('/')
        let winner = routes.GetValueOrDefault(new(PathKind.Prefix, loser.Path.Text + "/"))
        where winner is not null
        select new Problem(
            ProblemCode.PathConflict,
            Severity.Warning,
            new(ResourceKind.Ingress, loser.Ingress!.Value),
            $"{loser.Field}.path",
            $"{Describe(loser)} never matches: {winner.Path.Text} of Ingress {winner.Ingress} covers the same paths and is longer",
            "Remove one of the two");

    private static string Describe(Route route) => $"{route.Path} of host {route.Host}";
}
