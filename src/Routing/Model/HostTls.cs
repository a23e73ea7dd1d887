using IngressController.Cluster;

namespace IngressController.Routing.Model;

/// <summary>How connections that name a host in SNI are secured. A host may stand in <c>spec.tls</c> without a rule, and the other way round.</summary>
/// <param name="IsAskedFor">Some <c>spec.tls</c> covers the host, so requests in cleartext are redirected; also where its Secret is missing or bad.</param>
/// <param name="Certificates">In the order of precedence; the first usable one of each kind of key (ECDSA, RSA) is served. Empty: the default certificate.</param>
/// <param name="Clients">Null: clients are not asked for certificates.</param>
/// <param name="Passthrough">Null: TLS ends here.</param>
public sealed record HostTls(
    bool IsAskedFor,
    EquatableArray<CertificateSource> Certificates,
    ClientVerification? Clients,
    TlsPassthrough? Passthrough)
{
    public static HostTls None { get; } = new(false, [], null, null);
}

/// <summary>A Secret of type kubernetes.io/tls (<c>tls.crt</c> with the chain, <c>tls.key</c>) that an Ingress names for a host.</summary>
/// <param name="Field">Where the Ingress names it: <c>spec.tls[0]</c>.</param>
/// <param name="IfCovering">The entry does not name the host, so the certificate is taken only if it is for it.</param>
public sealed record CertificateSource(NamespacedName Secret, NamespacedName Ingress, string Field, bool IfCovering)
{
    /// <summary>When a good certificate of the wildcard that covers the host is served instead.</summary>
    public StandIn StandIn { get; init; }
}

/// <summary>When the certificate of a host's wildcard is served instead of the host's own.</summary>
public enum StandIn
{
    /// <summary>Where the own one is not in time, or not for the host.</summary>
    IfWrong,

    /// <summary>Always: others served the host with it before the Ingress was there that names this one.</summary>
    Always,

    /// <summary>Never: the wildcard is another namespace's, and younger.</summary>
    Never,
}

/// <summary>What happens to requests without a good client certificate.</summary>
public enum ClientCertificateUse
{
    /// <summary>400.</summary>
    Required,

    /// <summary>A client may come without one; a bad one is 400.</summary>
    Optional,

    /// <summary>Whoever vouches for it, it is passed on, and the backend verifies; an expired one is 400.</summary>
    OptionalUnverified,
}

/// <summary>Clients of a host show certificates. Belongs to the host, because TLS comes before any path.</summary>
/// <param name="Authorities">PEM: whom to trust. Empty exactly where there is a refusal.</param>
/// <param name="RevocationLists">PEM; empty: none.</param>
/// <param name="Depth">The most certificates between the client's and the trusted authority's, neither counted, as OpenSSL 1.1 and later do.</param>
/// <param name="PassesCertificate">The backend gets the certificate itself, too.</param>
/// <param name="ErrorPage">A URL to redirect to instead of 400.</param>
/// <param name="SubjectPattern">A regular expression that the subject's <c>CN=...</c> must match, else 403.</param>
/// <param name="Refusal">The authorities cannot be had: the host's requests answer 503.</param>
public sealed record ClientVerification(
    ClientCertificateUse Use,
    NamespacedName Secret,
    EquatableArray<byte> Authorities,
    EquatableArray<byte> RevocationLists,
    int Depth,
    bool PassesCertificate,
    string? ErrorPage,
    string? SubjectPattern,
    ProblemCode? Refusal);

/// <summary>Connections go to a backend as they are, without being decrypted.</summary>
/// <param name="Backend">Null where the host has none for the path <c>/</c>: connections are closed.</param>
public sealed record TlsPassthrough(BackendKey? Backend);
