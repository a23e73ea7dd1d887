using IngressController.Routing.Matching;
using IngressController.Routing.Model;
using Microsoft.Extensions.Logging;

namespace IngressController.Proxy.Clients;

/// <summary>
/// Keeps the guards of hosts up to date. They follow the rules and not <c>spec.tls</c>: a host without a rule is answered by the routes of its wildcard, so
/// it has the guard of that wildcard, whoever names it in <c>spec.tls</c>. For the single writer only.
/// </summary>
internal sealed class HostGuards(ILogger logger)
{
    private readonly Dictionary<HostName, HostGuard> guarded = [];
    private readonly Dictionary<ClientVerification, (ClientPolicy Policy, int Hosts)> policies = [];
    private HostTable<HostGuard>? table;

    /// <returns>Null where no host has any.</returns>
    public HostTable<HostGuard>? Apply(RoutingChange change)
    {
        foreach (var host in change.Tls)
        {
            Replace(host, change.Model.Tls.GetValueOrDefault(host));
        }

        if (guarded.Count == 0)
        {
            return table = null;
        }

        var hosts = table is null ? [.. change.Model.Hosts.Keys, .. guarded.Keys] : change.Hosts.Union(change.Tls);
        table ??= HostTable<HostGuard>.Create();
        return hosts.Count == 0 ? table : table = table.With(hosts, host => Find(host, change.Model));
    }

    private HostGuard? Find(HostName host, RoutingModel model) =>
        guarded.TryGetValue(host, out var guard) ? guard
        : model.Hosts.ContainsKey(host) ? HostGuard.None
        : null;

    private void Replace(HostName host, HostTls? tls)
    {
        var before = guarded.GetValueOrDefault(host, HostGuard.None);
        var clients = tls?.Clients is { } asked ? Take(asked) : null;
        if (before.Clients is { } old)
        {
            Release(old.Verification);
        }

        if (clients is null && tls?.Passthrough is null)
        {
            guarded.Remove(host);
        }
        else
        {
            guarded[host] = new(clients, tls!.Passthrough is not null);
        }
    }

    private ClientPolicy Take(ClientVerification asked)
    {
        var (policy, hosts) = policies.GetValueOrDefault(asked);
        policy ??= ClientPolicy.Of(asked, logger);
        policies[asked] = (policy, hosts + 1);
        return policy;
    }

    private void Release(ClientVerification given)
    {
        var (policy, hosts) = policies[given];
        if (hosts == 1)
        {
            policies.Remove(given);
        }
        else
        {
            policies[given] = (policy, hosts - 1);
        }
    }
}
