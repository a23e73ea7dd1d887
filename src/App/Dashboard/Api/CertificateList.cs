using System.ComponentModel;
using IngressController.Certificates;
using IngressController.Cluster;
using IngressController.Routing.Model;

namespace IngressController.App.Dashboard.Api;

internal sealed record CertificateItem(
    [property: Description("Namespace and name")] string Secret,
    [property: Description("The hosts and wildcards that it is for")] IReadOnlyList<string> Names,
    [property: Description("The authority's common name")] string Issuer,
    DateTimeOffset NotBefore,
    DateTimeOffset NotAfter,
    [property: Description("Whole days until it ends; negative where it has ended")] int DaysLeft,
    CertificateKeyType KeyType,
    [property: Description("Served to hosts without another")] bool IsDefault,
    [property: Description("How many hosts name it")] int Hosts,
    [property: Description("The first 20 of them")] IReadOnlyList<string> HostNames,
    [property: Description("How many problems name its Secret")] int Problems);

internal enum CertificateKeyType
{
    Rsa,
    Ecdsa,
}

/// <summary>The certificates out of Secrets. What is private about them is not asked for.</summary>
internal sealed class CertificateList(Views views, CertificateStore store, TimeProvider time)
{
    private const int HostsShown = 20;

    public static string[] Parameters { get; } = ["search", "offset", "limit"];

    /// <exception cref="BadQueryException"/>
    public Page<CertificateItem> Find(IQueryCollection parameters)
    {
        var (view, page) = (views.Now, PageQuery.Read(new(parameters, Parameters)));
        var found = store.Served.Where(served => page.Finds([served.Secret.ToString(), served.Issuer, .. served.Names]));
        return page.Of(found, certificates => Items(view, certificates));
    }

    private IEnumerable<CertificateItem> Items(View view, IReadOnlyList<ServedCertificate> certificates)
    {
        var hosts = certificates.ToDictionary(served => served.Secret, _ => new List<HostName>());
        foreach (var (host, tls) in view.Model.Tls)
        {
            foreach (var source in tls.Certificates)
            {
                hosts.GetValueOrDefault(source.Secret)?.Add(host);
            }
        }

        return certificates.Select(served => Item(view, served, hosts[served.Secret]));
    }

    private CertificateItem Item(View view, ServedCertificate served, List<HostName> hosts) => new(
        served.Secret.ToString(), served.Names, served.Issuer, served.NotBefore.ToUniversalTime(), served.NotAfter.ToUniversalTime(),
        (int)Math.Floor((served.NotAfter - time.GetUtcNow()).TotalDays),
        served.IsEcdsa ? CertificateKeyType.Ecdsa : CertificateKeyType.Rsa,
        served.IsDefault, served.Hosts,
        [.. hosts.Distinct().Order().Take(HostsShown).Select(host => host.ToString())],
        view.Problems.Count(problem => IsAbout(problem, served.Secret)));

    private static bool IsAbout(Problem problem, NamespacedName secret) =>
        problem.Code is ProblemCode.CertificateExpiry or ProblemCode.CertificateInvalid or ProblemCode.CertificateNotForHost
        && problem.Message.Contains($"Secret {secret} ", StringComparison.Ordinal);
}
