using System.ComponentModel;
using IngressController.Certificates;
using IngressController.Cluster;
using IngressController.Routing.Model;

namespace IngressController.App.Dashboard.Api;

/// <summary>Whether clients of a host show certificates; the words of ingress-nginx.</summary>
internal enum ClientCertificates
{
    Off,
    On,
    Optional,
    OptionalNoCa,
}

internal sealed record HostTlsItem(
    [property: Description("none: no Ingress asks for it, and TLS gets the default certificate; terminated: here; passthrough: at the backend")] TlsKind Kind,
    [property: Description("The Secret whose certificate clients are shown, or would be if TLS ended here, namespace and name; null: the default certificate")] string? Certificate,
    [property: Description("Whether clients show certificates, in the words of ingress-nginx; optionalNoCa: whoever vouches for them")] ClientCertificates ClientCertificates,
    [property: Description("Some route sends requests in cleartext to https")] bool Redirect);

internal sealed record PolicyItem([property: Description("What it is about, as in balancing or max body size")] string Name, [property: Description("What is asked for, in words")] string Value);

internal sealed record RouteItem(
    [property: Description("As in the rule; empty for a default backend")] string Path,
    [property: Description("How the path is compared; default: what no path of the host matches")] RoutePathType PathType,
    [property: Description("Namespace and name; null for the route of --default-backend-service")] string? Ingress,
    [property: Description("Of the Ingress; empty where it has none")] string Class,
    [property: Description("Where it stands in the Ingress")] string Field,
    [property: Description("In the order in which they act")] IReadOnlyList<PolicyItem> Policies,
    [property: Description("The code of the problem for which the route answers 503 by itself")] string? Refusal,
    [property: Description("Null where the route is refused")] BackendItem? Backend,
    [property: Description("Those of the Ingress that are about this route or the whole host")] IReadOnlyList<ProblemItem> Problems);

/// <summary>How a route's path is compared. ImplementationSpecific is Prefix.</summary>
internal enum RoutePathType
{
    Exact,
    Prefix,

    /// <summary>What no path of the host matches.</summary>
    Default,
}

internal sealed record HostDetail(
    [property: Description("As the rule names it; * for rules without a host")] string Host,
    [property: Description("What TLS is like for its clients")] HostTlsItem Tls,
    [property: Description("In the order in which they are tried")] IReadOnlyList<RouteItem> Routes,
    [property: Description("Those of its Ingresses, without those that are about another host")] IReadOnlyList<ProblemItem> Problems);

/// <summary>Everything about one host.</summary>
internal sealed class HostPage(Views views, BackendList backends, CertificateStore certificates)
{
    /// <param name="name">Of a rule; <c>*</c> for rules without a host.</param>
    /// <returns>Null where no Ingress of ours declares it.</returns>
    public HostDetail? Find(string name)
    {
        var view = views.Now;
        if (!HostName.TryParse(name == "*" ? "" : name, out var host) || !view.Model.Hosts.TryGetValue(host, out var routes))
        {
            return null;
        }

        var problems = view.ProblemsOf(routes).ToList();
        var all = routes.Default is { } fallback ? [.. routes.Routes, fallback] : (IReadOnlyList<Route>)routes.Routes;
        var tls = new HostTlsItem(
            view.TlsOf(host), certificates.SecretFor(host)?.ToString(), ClientsOf(view.Model.Tls.GetValueOrDefault(host)?.Clients),
            all.Any(route => IsRedirected(view, route)));
        return new(
            host.ToString(),
            tls,
            [.. all.Select(route => Item(view, route, ReferenceEquals(route, routes.Default), problems))],
            [.. problems.Select(problem => ProblemItem.Of(view, problem))]);
    }

    /// <summary>What to say of a host that is not found.</summary>
    public string Missing(string name) => HostName.TryParse(name, out var host) && views.Now.InsteadOf(host) is { } other
        ? $"no Ingress of ours declares this host; {(other.IsAny ? "rules without a host, * here, answer" : $"the wildcard {other} answers")} for it"
        : "no Ingress of ours declares this host";

    private RouteItem Item(View view, Route route, bool isDefault, List<Problem> problems) => new(
        isDefault ? "" : route.Path.Text,
        isDefault ? RoutePathType.Default : route.Path.Kind == PathKind.Exact ? RoutePathType.Exact : RoutePathType.Prefix,
        route.Ingress?.ToString(),
        route.Ingress is { } ingress ? view.ClassOf(ingress) : "",
        route.Field,
        [.. PolicyList.Of(view, route)],
        route.Refusal?.ToString(),
        route.Backend is { } key && view.Model.Backends.TryGetValue(key, out var backend) ? backends.Item(view, backend) : null,
        [.. problems.Where(problem => IsAbout(problem, route)).Select(problem => ProblemItem.Of(view, problem))]);

    private static bool IsAbout(Problem problem, Route route) =>
        problem.Object?.Name == route.Ingress
        && (!problem.Field.Contains(".http.paths[", StringComparison.Ordinal) || problem.Field == route.Field || problem.Field.StartsWith(route.Field + ".", StringComparison.Ordinal));

    internal static bool IsRedirected(View view, Route route) => route.Policies.Redirect switch
    {
        HttpsRedirect.Always => true,
        HttpsRedirect.WithTls => view.TlsOf(route.Host) != TlsKind.None,
        _ => false,
    };

    private static ClientCertificates ClientsOf(ClientVerification? clients) => clients?.Use switch
    {
        null => ClientCertificates.Off,
        ClientCertificateUse.Required => ClientCertificates.On,
        ClientCertificateUse.Optional => ClientCertificates.Optional,
        _ => ClientCertificates.OptionalNoCa,
    };
}
