using System.Collections.Immutable;
using IngressController.Cluster;
using IngressController.Routing.Model;

namespace IngressController.Routing.Translation;

/// <summary>Makes one host of what several Ingresses say about it. The oldest wins; every loser is told.</summary>
internal static class HostMerger
{
    public static (HostRoutes Host, ImmutableArray<Problem> Problems) Merge(HostName host, IEnumerable<IngressTranslation> oldestFirst)
    {
        var routes = new Dictionary<PathPattern, Route>();
        var problems = ImmutableArray.CreateBuilder<Problem>();
        var ingresses = new List<NamespacedName>();
        Route? @default = null;
        foreach (var ingress in oldestFirst)
        {
            ingresses.Add(ingress.Age.Name);
            foreach (var route in ingress.Hosts.First(entry => entry.Host == host).Routes)
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
            new(host, routes.Values.OrderBy(route => route.Path).ToEquatableArray(), @default, ingresses.ToEquatableArray()),
            problems.DrainToImmutable());
    }

    public static Problem DefaultConflict(Route loser, Route winner, HostName host) => new(
        ProblemCode.DefaultBackendConflict,
        Severity.Warning,
        new(ResourceKind.Ingress, loser.Ingress!.Value),
        loser.Field,
        host.IsAny && winner.Host.IsAny
            ? $"the older Ingress {winner.Ingress} already is the default backend for requests that no rule matches"
            : $"the older Ingress {winner.Ingress} already sets the default backend of host {host}",
        "Keep only one of the two");

    private static Problem Conflict(Route loser, Route winner) => new(
        ProblemCode.PathConflict,
        Severity.Error,
        new(ResourceKind.Ingress, loser.Ingress!.Value),
        $"{loser.Field}.path",
        winner.Ingress == loser.Ingress
            ? $"{Describe(loser)} stands in this Ingress twice; {winner.Field} is used"
            : $"{Describe(loser)} already belongs to the older Ingress {winner.Ingress}",
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
