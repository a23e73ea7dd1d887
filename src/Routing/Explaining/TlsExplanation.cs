using System.Collections.Immutable;
using IngressController.Cluster;
using IngressController.Cluster.Resources;
using IngressController.Routing.Matching;
using IngressController.Routing.Model;

namespace IngressController.Routing.Explaining;

/// <summary>What comes before any path: which certificate clients see, whether they must show one, and whether they are sent to https.</summary>
/// <param name="Certificates">The Secrets that Ingresses name for this host, then those for its wildcard and for any host, which serve where the others cannot. Empty: the default certificate.</param>
/// <param name="Missing">Those of them that do not exist.</param>
/// <param name="Clients">Null: clients are not asked for certificates.</param>
/// <param name="Passthrough">Null: TLS ends here.</param>
/// <param name="IsRedirected">A request in cleartext is sent to https.</param>
/// <param name="IsChallenge">In cleartext it is a certificate authority's, and served as if there were no TLS.</param>
public sealed record TlsExplanation(
    EquatableArray<CertificateSource> Certificates,
    EquatableArray<NamespacedName> Missing,
    NamespacedName? DefaultCertificate,
    ClientVerification? Clients,
    TlsPassthrough? Passthrough,
    bool IsRedirected,
    bool IsChallenge)
{
    /// <summary>Those of the Secrets that the controller obtains.</summary>
    public EquatableArray<NamespacedName> Awaited { get; init; }

    /// <param name="asked">The hosts that can cover the request's, in the order in which they are asked.</param>
    /// <param name="rules">The host whose rules answer; its client certificates are asked for.</param>
    internal static TlsExplanation Of(RoutingModel model, IEnumerable<HostName> asked, HostName? rules, RoutePolicies policies, string target)
    {
        var covering = asked.ToList();
        var certificates = covering.SelectMany(host => model.Tls.GetValueOrDefault(host, HostTls.None).Certificates).DistinctBy(source => source.Secret).ToEquatableArray();
        var isAskedFor = TlsHosts.None.With(covering, model).Ask(covering[0].Text);
        var guard = rules is { } name ? model.Tls.GetValueOrDefault(name, HostTls.None) : HostTls.None;
        var isRedirected = policies.Redirect == HttpsRedirect.Always || (policies.Redirect == HttpsRedirect.WithTls && (isAskedFor || guard.Passthrough is not null));
        var isChallenge = AcmeChallenge.IsMeantBy(RequestPath.OriginForm(target));
        return new(
            certificates,
            MissingOf(certificates, model.Certificates).ToEquatableArray(),
            model.DefaultCertificate,
            guard.Clients,
            guard.Passthrough,
            isRedirected && !isChallenge,
            isChallenge);
    }

    /// <summary>What is to be said of a Secret that does not exist; null where it does.</summary>
    public string? WhyMissing(NamespacedName secret) =>
        !Missing.AsEnumerable().Contains(secret) ? null : Awaited.AsEnumerable().Contains(secret) ? "does not exist yet: the controller obtains it by ACME" : "does not exist";

    public bool IsPassedThrough => Passthrough is not null;

    /// <summary>What is answered before any route is; null where nothing is.</summary>
    internal (int? Status, string Decision)? Decide(bool isHttps) =>
        isHttps && Passthrough is { } passthrough ? (null, passthrough.Backend is { } backend ? $"passed through undecrypted to Service {backend}, whatever the path" : "the connection is closed: it would be passed through, and there is no backend for that")
        : !isHttps && IsRedirected ? (308, "308: redirected to https")
        : !isHttps && IsChallenge ? null
        : Clients?.Refusal is { } refusal ? (503, $"503: whom to trust in client certificates cannot be read ({refusal})")
        : !isHttps && Clients?.Use == ClientCertificateUse.Required ? (400, "400: the host asks clients for certificates, and in cleartext there are none")
        : null;

    private static IEnumerable<NamespacedName> MissingOf(EquatableArray<CertificateSource> sources, ImmutableDictionary<NamespacedName, Secret> certificates) =>
        from source in (IEnumerable<CertificateSource>)sources where !certificates.ContainsKey(source.Secret) select source.Secret;
}
