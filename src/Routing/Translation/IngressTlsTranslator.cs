using System.Collections.Frozen;
using IngressController.Cluster;
using IngressController.Cluster.Resources;
using IngressController.Routing.Annotations;
using IngressController.Routing.Model;

namespace IngressController.Routing.Translation;

/// <summary>What one Ingress says about the TLS of hosts: those of <c>spec.tls</c>, and those of its rules.</summary>
internal static class IngressTlsTranslator
{
    public static FrozenDictionary<HostName, HostTls> Translate(
        Ingress ingress, IngressPolicies policies, IReadOnlyDictionary<HostName, List<Route>> rules, List<Problem> problems)
    {
        var hosts = new Dictionary<HostName, HostTls>();
        for (var index = 0; index < ingress.Tls.Count; index++)
        {
            foreach (var host in HostsOf(ingress, index, problems))
            {
                Add(hosts, host, ingress, index, ifCovering: false);
            }
        }

        foreach (var host in rules.Keys)
        {
            AddOfRule(hosts, host, ingress);
            if (policies.Clients is not null || policies.PassesTlsThrough)
            {
                hosts[host] = hosts.GetValueOrDefault(host, HostTls.None) with { Clients = policies.Clients, Passthrough = PassthroughOf(rules[host], policies) };
            }
        }

        ShareEqual(hosts);
        return hosts.ToFrozenDictionary();
    }

    /// <summary>Most Ingresses say the same about all of their hosts; then it is kept once.</summary>
    private static void ShareEqual(Dictionary<HostName, HostTls> hosts)
    {
        var first = hosts.Values.FirstOrDefault();
        foreach (var host in hosts.Keys.ToList().Where(host => hosts[host] == first))
        {
            hosts[host] = first!;
        }
    }

    private static List<HostName> HostsOf(Ingress ingress, int index, List<Problem> problems)
    {
        var hosts = new List<HostName>();
        foreach (var text in ingress.Tls[index].Hosts)
        {
            if (HostName.TryParse(text, out var host) && !host.IsAny)
            {
                hosts.Add(host);
            }
            else
            {
                problems.Add(new(
                    ProblemCode.HostInvalid, Severity.Error, ingress.Key, $"spec.tls[{index}].hosts", $"\"{text}\" is not a DNS name or a wildcard *.name, so it is passed over",
                    "Write a lower-case name without port; an IDN in its xn-- form"));
            }
        }

        return hosts;
    }

    /// <summary>Of a rule's host that no entry names, those entries say something that name no host at all, and those whose certificate is for it (as in ingress-nginx).</summary>
    private static void AddOfRule(Dictionary<HostName, HostTls> hosts, HostName host, Ingress ingress)
    {
        if (hosts.ContainsKey(host))
        {
            return;
        }

        for (var index = 0; index < ingress.Tls.Count; index++)
        {
            var namesNone = ingress.Tls[index].Hosts.IsEmpty;
            if (namesNone || ingress.Tls[index].SecretName is { Length: > 0 })
            {
                Add(hosts, host, ingress, index, ifCovering: !namesNone);
            }
        }
    }

    private static void Add(Dictionary<HostName, HostTls> hosts, HostName host, Ingress ingress, int index, bool ifCovering)
    {
        var known = hosts.GetValueOrDefault(host, HostTls.None);
        var certificates = ingress.Tls[index].SecretName is { Length: > 0 } secret
            ? known.Certificates.Append(new(new(ingress.Metadata.Name.Namespace, secret), ingress.Metadata.Name, SharedText.Of($"spec.tls[{index}]"), ifCovering)).ToEquatableArray()
            : known.Certificates;
        hosts[host] = known with { IsAskedFor = known.IsAskedFor || !ifCovering, Certificates = certificates };
    }

    private static TlsPassthrough? PassthroughOf(List<Route> routes, IngressPolicies policies) => policies.PassesTlsThrough
        ? new(routes.FirstOrDefault(route => route.Path.Prefix.Length == 0 && route.Path.Kind == PathKind.Prefix)?.Backend)
        : null;
}
