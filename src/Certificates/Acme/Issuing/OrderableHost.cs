using System.Net;
using IngressController.Cluster;
using IngressController.Routing.Model;

namespace IngressController.Certificates.Acme.Issuing;

/// <summary>Which hosts may be ordered, whoever asks: an order that must fail costs the account's limits.</summary>
internal static class OrderableHost
{
    private const int LongestLabel = 63;

    /// <summary>RFC 2606, RFC 6761, RFC 6762, RFC 7686, RFC 8375, ICANN's resolution on .internal, and what clusters and home routers use.</summary>
    private static readonly string[] Internal =
        ["local", "internal", "localhost", "test", "invalid", "example", "lan", "home.arpa", "svc", "cluster.local", "onion", "alt", "localdomain", "home", "corp"];

    /// <returns>Null: nothing speaks against it.</returns>
    public static Refusal? Refuse(string host, Issuer issuer, AcmeOptions options)
    {
        if (!HostName.TryParse(host, out var name) || name.IsAny)
        {
            return IPAddress.TryParse(host.Trim('[', ']'), out _)
                ? new($"{host} is an IP address, for which no certificate is ordered", "Name a host")
                : new($"\"{host}\" is no DNS name", "Write a lower-case name without port; an IDN in its xn-- form");
        }

        var bare = Bare(name.Text);
        return bare.Split('.').Any(label => label.Length > LongestLabel) ? new($"{host} has a label of more than {LongestLabel} letters, which the DNS does not have", "Shorten it")
            : !options.AllowsInternalNames && IsInternal(bare) ? new($"{host} is an internal name, which no public authority can reach", "Use a public name; or, with an authority of your own, the flag --acme-allow-internal-names")
            : !options.AllowedDomains.IsEmpty && !options.AllowedDomains.Any(domain => IsIn(bare, domain)) ? new($"{host} is outside of the domains that --acme-allowed-domain allows: {string.Join(", ", options.AllowedDomains)}", "Name a host in one of them, or allow its domain")
            : name.IsWildcard && !issuer.Offers(ChallengeKind.Dns01) ? new($"{host} is a wildcard, which only the challenge dns-01 can prove, and issuer {issuer.Name} does not have it", "Set up dns-01 (--acme-challenge dns-01 and one of --acme-dns-*), or name the hosts one by one")
            : ProvingKinds([name.Text], issuer).IsEmpty ? new($"issuer {issuer.Name} has no challenge by which {host} can be proven", "Give it one with --acme-challenge")
            : null;
    }

    /// <summary>The challenges that can prove all of these hosts, best first.</summary>
    public static EquatableArray<ChallengeKind> ProvingKinds(EquatableArray<string> hosts, Issuer issuer)
    {
        var hasWildcard = hosts.Any(host => host.StartsWith("*.", StringComparison.Ordinal));
        return issuer.Challenges.Where(kind => issuer.Offers(kind) && (!hasWildcard || kind == ChallengeKind.Dns01)).Distinct().ToEquatableArray();
    }

    /// <summary>Without <c>*.</c>.</summary>
    public static string Bare(string host) => host.StartsWith("*.", StringComparison.Ordinal) ? host[2..] : host;

    private static bool Offers(this Issuer issuer, ChallengeKind kind) => issuer.Challenges.Contains(kind) && (kind != ChallengeKind.Dns01 || issuer.Dns is not null);

    private static bool IsInternal(string bare) => !bare.Contains('.', StringComparison.Ordinal) || Internal.Any(suffix => IsIn(bare, suffix));

    /// <summary>The domain itself, or below it.</summary>
    private static bool IsIn(string bare, string domain) =>
        bare.EndsWith(domain, StringComparison.OrdinalIgnoreCase) && (bare.Length == domain.Length || bare[^(domain.Length + 1)] == '.');
}
