using System.ComponentModel;
using IngressController.Certificates;
using IngressController.Cluster;
using IngressController.Proxy.Observing.Traffic;
using IngressController.Routing.Model;

namespace IngressController.App.Dashboard.Api;

/// <summary>Where the TLS of a host ends.</summary>
internal enum TlsKind
{
    /// <summary>No Ingress asks for it; connections with TLS get the default certificate.</summary>
    None,

    Terminated,

    /// <summary>At the backend.</summary>
    Passthrough,
}

internal sealed record HostItem(
    [property: Description("Of the rule: a name, a wildcard, or * for rules without a host")] string Host,
    [property: Description("Of the Ingresses that declare it")] IReadOnlyList<string> Namespaces,
    [property: Description("Of the Ingresses that declare it; those without a class add none")] IReadOnlyList<string> Classes,
    [property: Description("How many there are, a default backend among them")] int Routes,
    [property: Description("none: no Ingress asks for it, and TLS gets the default certificate; terminated: here; passthrough: at the backend")] TlsKind Tls,
    [property: Description("The Secret whose certificate clients are shown, or would be if TLS ended here, namespace and name; null: the default certificate")] string? Certificate,
    [property: Description("How many problems the Ingresses have that declare it, without those that are about another host")] int Problems,
    [property: Description("A second, in the last 15 to 30 seconds")] double Requests);

/// <summary>All hosts that some Ingress declares.</summary>
internal sealed class HostList(Views views, TrafficBook traffic, CertificateStore certificates, TimeProvider time)
{
    private const string AnyProblem = "any";

    public static string[] Parameters { get; } = ["search", "namespace", "class", "problem", "offset", "limit"];

    /// <exception cref="BadQueryException"/>
    public Page<HostItem> Find(IQueryCollection parameters)
    {
        var query = new QueryText(parameters, Parameters);
        var (view, page) = (views.Now, PageQuery.Read(query));
        var (@namespace, @class, problem) = (query.Text("namespace"), query.Text("class"), query.Text("problem"));
        if (problem.Length > 0 && problem != AnyProblem && !Enum.IsDefined(typeof(ProblemCode), problem))
        {
            throw new BadQueryException($"problem: '{problem}' is no code of a problem, and not {AnyProblem}");
        }

        var found = from name in view.Hosts
                    let host = view.Model.Hosts[name]
                    where page.FindsHost(name.ToString())
                        && (@namespace.Length == 0 || host.Ingresses.Any(ingress => ingress.Namespace == @namespace))
                        && (@class.Length == 0 || host.Ingresses.Any(ingress => view.ClassOf(ingress) == @class))
                        && (problem.Length == 0 || view.ProblemsOf(host).Any(one => problem == AnyProblem || one.Code.ToString() == problem))
                    select host;
        return page.Of(found, hosts => Items(view, hosts));
    }

    private IEnumerable<HostItem> Items(View view, IReadOnlyList<HostRoutes> hosts)
    {
        var (now, sums) = (time.GetUtcNow(), hosts.ToDictionary(host => host.Host, _ => new TrafficSum()));
        foreach (var route in traffic.Routes)
        {
            if (sums.TryGetValue(route.Key.Host, out var sum))
            {
                route.AddTo(sum, now);
            }
        }

        return hosts.Select(host => new HostItem(
            host.Host.ToString(),
            [.. ((IEnumerable<NamespacedName>)host.Ingresses).Select(ingress => ingress.Namespace).Distinct().Order(StringComparer.Ordinal)],
            [.. ((IEnumerable<NamespacedName>)host.Ingresses).Select(view.ClassOf).Where(name => name.Length > 0).Distinct().Order(StringComparer.Ordinal)],
            host.Routes.Count + (host.Default is null ? 0 : 1),
            view.TlsOf(host.Host),
            certificates.SecretFor(host.Host)?.ToString(),
            view.ProblemsOf(host).Count(),
            ApiJson.Round(sums[host.Host].Requests)));
    }
}
