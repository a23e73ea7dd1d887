using System.ComponentModel;
using IngressController.Certificates;
using IngressController.Certificates.Acme.Issuing;
using IngressController.Cluster;
using IngressController.Routing.Model;

namespace IngressController.App.Dashboard.Api;

internal sealed record CertificateItem(
    [property: Description("Namespace and name")] string Secret,
    [property: Description("The hosts and wildcards that it is for; where there is no certificate, those that are asked for by ACME")] IReadOnlyList<string> Names,
    [property: Description("Why nothing of the Secret can be served; goes after its name, and is null where it can be or there is no Secret yet")] string? Defect,
    [property: Description("The authority's common name; null where there is no certificate that can be served, as are all that only a certificate has")] string? Issuer,
    [property: Description("From when on it is valid")] DateTimeOffset? NotBefore,
    [property: Description("When it ends")] DateTimeOffset? NotAfter,
    [property: Description("Whole days until it ends; negative where it has ended")] int? DaysLeft,
    [property: Description("Of its key: rsa or ecdsa")] CertificateKeyType? KeyType,
    [property: Description("Served to hosts without another")] bool IsDefault,
    [property: Description("How many hosts name it")] int Hosts,
    [property: Description("The first 20 of them")] IReadOnlyList<string> HostNames,
    [property: Description("How many problems are about it")] int Problems,
    [property: Description("What became of the wish for it; null where no Ingress asks for it by ACME")] OrderItem? Order);

internal sealed record OrderItem(
    [property: Description("refused: not ordered at all; waiting: to be ordered; ordered; proving: the authority looks whether the hosts are ours; issued; failed: the last order did, and it is tried again")] AcmeStage State,
    [property: Description("By the name that Ingresses may give; empty where it is refused")] string Issuer,
    [property: Description("Why it is refused or failed or has to wait, in the authority's own words where it said something; one sentence without a full stop, or empty")] string Cause,
    [property: Description("Not before; null where nothing failed")] DateTimeOffset? NextTry,
    [property: Description("Of the certificate that is there, unless its authority says otherwise")] DateTimeOffset? NextRenewal);

internal enum CertificateKeyType
{
    Rsa,
    Ecdsa,
}

/// <summary>The certificates out of Secrets, the Secrets that have none that can be served, and those that Ingresses ask for by ACME, there or not. What is private about them is not asked for.</summary>
/// <param name="issuing">Null where no certificates are obtained.</param>
internal sealed class CertificateList(Views views, CertificateStore store, TimeProvider time, AcmeIssuing? issuing = null)
{
    private const int HostsShown = 20;

    public static string[] Parameters { get; } = ["search", "state", "offset", "limit"];

    /// <exception cref="BadQueryException"/>
    public Page<CertificateItem> Find(IQueryCollection parameters)
    {
        var query = new QueryText(parameters, Parameters);
        var (view, page, state) = (views.Now, PageQuery.Read(query), query.Word<AcmeStage>("state"));
        return page.Of(All().Where(known => known.IsFoundBy(page, state)), certificates => Items(view, certificates));
    }

    /// <summary>In the order of their Secrets.</summary>
    private IEnumerable<Known> All()
    {
        var all = store.Served.ToDictionary(served => served.Secret, served => new Known(served.Secret, served, null, null));
        foreach (var broken in store.Broken)
        {
            all[broken.Secret] = new(broken.Secret, null, broken, null);
        }

        foreach (var order in issuing?.Statuses ?? [])
        {
            all[order.Secret] = (all.GetValueOrDefault(order.Secret) ?? new(order.Secret, null, null, null)) with { Order = order };
        }

        return all.Values.OrderBy(known => known.Secret);
    }

    private IEnumerable<CertificateItem> Items(View view, IReadOnlyList<Known> certificates)
    {
        var hosts = certificates.ToDictionary(known => known.Secret, _ => new SortedSet<HostName>());
        foreach (var (host, tls) in view.Model.Tls)
        {
            foreach (var source in tls.Certificates)
            {
                hosts.GetValueOrDefault(source.Secret)?.Add(host);
            }
        }

        return certificates.Select(known => Item(view, known, hosts[known.Secret]));
    }

    private CertificateItem Item(View view, Known known, SortedSet<HostName> hosts) => new(
        known.Secret.ToString(), [.. known.Names], known.Broken?.Why, known.Served?.Issuer, known.Served?.NotBefore.ToUniversalTime(), known.Served?.NotAfter.ToUniversalTime(),
        known.Served is { } ending ? (int)Math.Floor((ending.NotAfter - time.GetUtcNow()).TotalDays) : null,
        known.Served is not { } keyed ? null : keyed.IsEcdsa ? CertificateKeyType.Ecdsa : CertificateKeyType.Rsa,
        known.Secret == view.Model.DefaultCertificate,
        hosts.Count, [.. hosts.Take(HostsShown).Select(host => host.ToString())],
        view.ProblemsOf(known.Secret).Count(),
        known.Order is not { } order ? null : new(order.Stage, order.Issuer, order.Cause, order.NextTry?.ToUniversalTime(), order.NextRenewal?.ToUniversalTime()));

    /// <summary>One of them is there at least.</summary>
    private sealed record Known(NamespacedName Secret, ServedCertificate? Served, BrokenSecret? Broken, AcmeStatus? Order)
    {
        public EquatableArray<string> Names => Served?.Names ?? Order?.Hosts ?? [];

        /// <param name="state">Null: whatever it is.</param>
        public bool IsFoundBy(PageQuery page, AcmeStage? state) =>
            (state is null || Order?.Stage == state)
            && (page.Finds([Secret.ToString(), Served?.Issuer ?? "", Broken?.Why ?? "", Order?.Issuer ?? "", Order?.Cause ?? ""]) || Names.AsEnumerable().Any(page.FindsHost));
    }
}
