namespace IngressController.Cluster;

/// <summary>Every kind of trouble that the controller reports; docs/problems.md has a section for each.</summary>
public enum ProblemCode
{
    // Reading manifests

    /// <summary>A file cannot be opened or read.</summary>
    FileUnreadable,

    /// <summary>A document is larger than 4 MiB.</summary>
    DocumentTooLarge,

    /// <summary>A file is not valid YAML or JSON.</summary>
    SyntaxError,

    /// <summary>The same object stands in two files; the first path wins.</summary>
    DuplicateObject,

    /// <summary>The API server would refuse this object.</summary>
    Invalid,

    // Reading a cluster

    /// <summary>The API server cannot be reached or does not answer as it should; what was read before stays.</summary>
    ApiUnreachable,

    /// <summary>The API server does not let us read a kind of objects.</summary>
    ApiForbidden,

    // Translating

    /// <summary>The Ingress names a class that does not exist.</summary>
    IngressClassNotFound,

    /// <summary>An older Ingress already has this host and path.</summary>
    PathConflict,

    /// <summary>An older Ingress already sets the default backend here.</summary>
    DefaultBackendConflict,

    /// <summary>The rule's path can match nothing.</summary>
    PathInvalid,

    /// <summary>The rule's path looks like a regular expression or glob and is taken literally: what it means to match is not served.</summary>
    PathTakenLiterally,

    /// <summary>The rule's host cannot be used; the rule is passed over.</summary>
    HostInvalid,

    /// <summary>A backend refers to something other than a Service; the path answers 503.</summary>
    ResourceBackend,

    /// <summary>A backend names no Service with a port; the path answers 503.</summary>
    BackendInvalid,

    /// <summary>The Service does not exist; the path answers 503.</summary>
    ServiceNotFound,

    /// <summary>The Service has no such port; the path answers 503.</summary>
    PortNotFound,

    /// <summary>The Service has no ready endpoint; the path answers 503.</summary>
    NoEndpoints,

    /// <summary>The Service is of type ExternalName, which is off; the path answers 503.</summary>
    ExternalNameRefused,

    /// <summary>An EndpointSlice cannot be used (FQDN addresses).</summary>
    EndpointSliceUnusable,

    /// <summary>An appProtocol that this controller does not speak; http is used.</summary>
    AppProtocolUnknown,

    /// <summary>An annotation under one of our prefixes that no version knows.</summary>
    AnnotationUnknown,

    /// <summary>An annotation with a value that cannot be read; the default is used.</summary>
    AnnotationInvalid,

    /// <summary>An annotation of ingress-nginx that this version does not carry out.</summary>
    AnnotationUnsupported,

    /// <summary>An annotation that protects something and cannot be carried out: the paths answer 503.</summary>
    AnnotationRefused,

    // TLS

    /// <summary>The Secret with a certificate does not exist; another certificate is served.</summary>
    CertificateMissing,

    /// <summary>The Secret holds no certificate with its key that can be served; another certificate is served.</summary>
    CertificateInvalid,

    /// <summary>The certificate is not for the host.</summary>
    CertificateNotForHost,

    /// <summary>The certificate ends within 21 days (or the last quarter of its life), or has ended, or is not valid yet.</summary>
    CertificateExpiry,

    /// <summary>Several Ingresses say different things about the TLS of one host; the oldest is followed.</summary>
    TlsConflict,

    /// <summary>Whom to trust in client certificates cannot be read; the host answers 503.</summary>
    ClientAuthoritiesInvalid,

    /// <summary>The Secret for TLS to the backend is missing or cannot be read; the path answers 503.</summary>
    UpstreamTlsInvalid,

    /// <summary>Nobody verifies the certificate of the backend, and nobody said in words that this is meant.</summary>
    UpstreamNotVerified,

    // Certificates by ACME

    /// <summary>The Secret with accounts and orders cannot be read; no certificate is obtained or renewed.</summary>
    AcmeStateUnreadable,

    /// <summary>An Ingress asks for a certificate that is not ordered.</summary>
    AcmeRefused,

    /// <summary>Several Ingresses name different issuers for one Secret; the oldest is followed.</summary>
    AcmeIssuerConflict,

    /// <summary>The last order failed; it is tried again.</summary>
    AcmeFailed,

    /// <summary>The authority is down, or limits us; orders wait.</summary>
    AcmeUnavailable,

    /// <summary>What was issued, or the state, cannot be written; it is tried again.</summary>
    AcmeNotWritten,

    // TCP and UDP services

    /// <summary>The ConfigMap that a flag names does not exist.</summary>
    StreamConfigMapMissing,

    /// <summary>An entry is not <c>port: namespace/service:port[:PROXY[:PROXY]]</c>.</summary>
    StreamEntryInvalid,

    /// <summary>The port is taken, or may not be opened.</summary>
    StreamPortUnavailable,
}
