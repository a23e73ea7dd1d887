using IngressController.Cluster;
using IngressController.Routing.Model;

namespace IngressController.App;

/// <summary>Says in the log that the program listens, and once that it serves.</summary>
/// <param name="addresses">Where it listens; asked after the start, when the system has chosen the ports that it was to choose.</param>
internal sealed class Announcer(Func<ListenAddresses> addresses, IClusterSource source, ILogger<Announcer> log)
{
    private const int HostsNamed = 3;

    private bool isReadySaid;

    public void Listening()
    {
        var (http, https, admin) = addresses();
        log.Listening(http, https, admin);
    }

    /// <summary>Which hosts are routed otherwise than before. Silent before the first summary, and about endpoints.</summary>
    public void Applied(RoutingModel before, RoutingChange change)
    {
        if (!isReadySaid || change.Hosts.IsEmpty)
        {
            return;
        }

        var added = change.Hosts.Count(host => !before.Hosts.ContainsKey(host));
        var removed = change.Hosts.Count(host => !change.Model.Hosts.ContainsKey(host));
        var examples = string.Join(", ", change.Hosts.Order().Take(HostsNamed)) + (change.Hosts.Count > HostsNamed ? ", ..." : "");
        log.RoutesChanged(added, change.Hosts.Count - added - removed, removed, examples);
    }

    /// <summary>Has no effect after the first time.</summary>
    /// <param name="orders">Null where no certificates are obtained.</param>
    public void Ready(Rollout rollout, ProblemList problems, CertificateOrders? orders)
    {
        if (!isReadySaid)
        {
            isReadySaid = true;
            log.Ready(StartupSummary.Describe(
                addresses(), source.Description, rollout.Snapshot, rollout.Translation, problems.All, orders?.Wanted));
        }
    }
}
