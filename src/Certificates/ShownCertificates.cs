using IngressController.Routing.Matching;
using IngressController.Routing.Model;

namespace IngressController.Certificates;

/// <summary>
/// Which certificates a name gets, in this order: good ones for the host itself, good ones for the wildcard that covers it, then what is wrong with either or has the wildcard's
/// in its place (<see cref="StandIn"/>), then those for any host. Immutable.
/// </summary>
internal sealed class ShownCertificates
{
    private readonly HostTable<HostCertificates> good;
    private readonly HostTable<HostCertificates> others;

    private ShownCertificates(HostTable<HostCertificates> good, HostTable<HostCertificates> others) => (this.good, this.others) = (good, others);

    public static ShownCertificates None { get; } = new(HostTable<HostCertificates>.Create(), HostTable<HostCertificates>.Create());

    /// <param name="named">The certificates that can be served for a host, in the order in which they were named, and when the wildcard's stands in for them.</param>
    public ShownCertificates With(IReadOnlyCollection<HostName> changed, Func<HostName, IReadOnlyList<(LoadedCertificate Certificate, StandIn StandIn)>> named, DateTimeOffset now)
    {
        var chosen = changed.ToDictionary(host => host, host => Choose(host, named(host), now));
        return new(good.With(changed, host => chosen[host].Good), others.With(changed, host => chosen[host].Other));
    }

    /// <param name="serverName">Without a trailing dot.</param>
    /// <returns>Null: those for names that nobody has.</returns>
    public HostCertificates? Find(ReadOnlySpan<char> serverName) => good.Find(serverName) ?? others.Find(serverName);

    private static (HostCertificates? Good, HostCertificates? Other) Choose(HostName host, IReadOnlyList<(LoadedCertificate Certificate, StandIn StandIn)> named, DateTimeOffset now)
    {
        if (host.IsAny)
        {
            return (null, Choose(named));
        }

        var own = named.Where(one => one.StandIn != StandIn.Always).ToList();
        var first = HostCertificates.ChooseGood(host, own.Select(one => one.Certificate), now) ?? Choose([.. own.Where(one => one.StandIn == StandIn.Never)]);
        return first is null ? (null, Choose(named)) : (first, null);

        HostCertificates? Choose(IReadOnlyList<(LoadedCertificate Certificate, StandIn StandIn)> some) => HostCertificates.Choose(host, [.. some.Select(one => one.Certificate)], now);
    }
}
