using IngressController.Routing.Matching;
using IngressController.Routing.Model;

namespace IngressController.Certificates;

/// <summary>
/// Which certificates a name gets, in this order: good ones for the host itself, good ones for the wildcard that covers it, then what is wrong with either or yields to
/// the wildcard's, then those for any host. Immutable. Hosts stand in one of the two tables, so a change of one copies the other only in part of the cases.
/// </summary>
internal sealed class ShownCertificates
{
    private readonly HostTable<HostCertificates> good;
    private readonly HostTable<HostCertificates> others;

    private ShownCertificates(HostTable<HostCertificates> good, HostTable<HostCertificates> others) => (this.good, this.others) = (good, others);

    public static ShownCertificates None { get; } = new(HostTable<HostCertificates>.Create(), HostTable<HostCertificates>.Create());

    /// <param name="named">The certificates that can be served for a host, in the order in which they were named, and whether they yield to the wildcard's.</param>
    public ShownCertificates With(IReadOnlyCollection<HostName> changed, Func<HostName, IReadOnlyList<(LoadedCertificate Certificate, bool Yields)>> named, DateTimeOffset now)
    {
        var chosen = changed.ToDictionary(host => host, host => Choose(host, named(host), now));
        return new(good.With(changed, host => chosen[host].Good), others.With(changed, host => chosen[host].Other));
    }

    /// <param name="serverName">Without a trailing dot.</param>
    /// <returns>Null: those for names that nobody has.</returns>
    public HostCertificates? Find(ReadOnlySpan<char> serverName) => good.Find(serverName) ?? others.Find(serverName);

    private static (HostCertificates? Good, HostCertificates? Other) Choose(HostName host, IReadOnlyList<(LoadedCertificate Certificate, bool Yields)> named, DateTimeOffset now)
    {
        var first = host.IsAny ? null : HostCertificates.ChooseGood(host, from one in named where !one.Yields select one.Certificate, now);
        return first is null ? (null, HostCertificates.Choose(host, [.. from one in named select one.Certificate], now)) : (first, null);
    }
}
