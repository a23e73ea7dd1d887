using System.Collections.Immutable;
using IngressController.Cluster;
using IngressController.Routing.Model;

namespace IngressController.Routing.Translation;

/// <summary>The backends on one Service, each with the routes that use it.</summary>
internal sealed record BackendUsers(ImmutableDictionary<BackendKey, ImmutableHashSet<Route>> Routes)
{
    public static BackendUsers None { get; } = new(ImmutableDictionary<BackendKey, ImmutableHashSet<Route>>.Empty);

    public BackendUsers Add(Route route) =>
        new(Routes.SetItem(route.Backend!, (Routes.GetValueOrDefault(route.Backend!) ?? []).Add(route)));

    public BackendUsers Remove(Route route)
    {
        var left = Routes[route.Backend!].Remove(route);
        return new(left.IsEmpty ? Routes.Remove(route.Backend!) : Routes.SetItem(route.Backend!, left));
    }
}

/// <summary>The problems of backends, told to every Ingress that uses them.</summary>
internal static class BackendProblems
{
    public static IEnumerable<Problem> Collect(IEnumerable<Backend> backends, ImmutableDictionary<NamespacedName, BackendUsers> users) =>
        from backend in backends
        where backend.Trouble is not null || !backend.Warnings.IsEmpty
        from route in users[backend.Key.Service].Routes[backend.Key]
        from problem in Of(backend, route)
        select problem;

    private static IEnumerable<Problem> Of(Backend backend, Route route)
    {
        if (backend.Trouble is { } trouble)
        {
            // Pods come and go; a Service or port that is not there is a mistake.
            var severity = trouble.Code == ProblemCode.NoEndpoints ? Severity.Warning : Severity.Error;
            yield return Make(trouble with { Message = $"{trouble.Message}; the path answers 503" }, severity, route);
        }

        foreach (var warning in ((IEnumerable<BackendTrouble>)backend.Warnings).Distinct())
        {
            yield return Make(warning, Severity.Warning, route);
        }
    }

    private static Problem Make(BackendTrouble trouble, Severity severity, Route route) => new(
        trouble.Code,
        severity,
        route.Ingress is { } ingress ? new(ResourceKind.Ingress, ingress) : new(ResourceKind.Service, route.Backend!.Service),
        route.Ingress is null ? "--default-backend-service" : route.Field == "spec.defaultBackend" ? route.Field : $"{route.Field}.backend",
        trouble.Message,
        route.Ingress is null ? "Correct the flag, or create what it names" : trouble.Cure);
}
