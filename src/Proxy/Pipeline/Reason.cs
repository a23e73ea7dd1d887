using IngressController.Cluster;

namespace IngressController.Proxy.Pipeline;

/// <summary>Why a request was not simply answered by its backend. The member's name is the word in the access log; the set is closed.</summary>
internal enum Reason
{
    /// <summary>The backend answered; an empty word.</summary>
    None,

    // Before it was a request (400, 408, 414, 431)
    MalformedRequest,
    RequestLineTooLong,
    HeadersTooLarge,
    HeaderTimeout,

    // The request (400, 405, 408, 413, 501)
    MalformedTarget,
    MalformedHost,
    UnsupportedMethod,
    BrokenRequestBody,
    BodyTooLarge,
    BodyTimeout,

    // TLS (302, 308, 400, 403, 421, 503)
    HttpsRedirect,
    Misdirected,
    ClientCertificateMissing,
    ClientCertificateInvalid,
    ClientNotAllowed,
    ClientAuthoritiesInvalid,

    // A certificate authority looked whether the host is ours (200)
    AcmeChallenge,

    // Before the first whole configuration (503)
    Starting,

    // Routing (404, 503)
    NoRoute,
    NoEndpoints,
    ServiceNotFound,
    PortNotFound,
    ResourceBackend,
    ExternalNameRefused,
    BackendInvalid,
    AnnotationRefused,
    BackendUnusable,

    // Upstream (502, 503, 504)
    ConnectFailed,
    ConnectTimeout,
    NameUnresolved,
    TargetRefused,
    TlsFailed,
    BrokenResponse,
    ResponseTimeout,
    IdleTimeout,
    BrokenTunnel,

    // The client (499)
    ClientClosed,

    // The grace period of the shutdown was over before the answer was
    ShuttingDown,

    // Sessions of TCP and UDP services (400, 403, 503)
    ProxyHeaderInvalid,
    ProxyHeaderRefused,
    TooManySessions,

    // A bug (500)
    InternalError,
}

internal static class Reasons
{
    private static readonly string[] Words = MakeWords();

    public static string Word(this Reason reason) => Words[(int)reason];

    /// <summary>The word for a route or backend that the translation refused.</summary>
    public static Reason Of(ProblemCode code) => code switch
    {
        ProblemCode.NoEndpoints => Reason.NoEndpoints,
        ProblemCode.ServiceNotFound => Reason.ServiceNotFound,
        ProblemCode.PortNotFound => Reason.PortNotFound,
        ProblemCode.ResourceBackend => Reason.ResourceBackend,
        ProblemCode.ExternalNameRefused => Reason.ExternalNameRefused,
        ProblemCode.BackendInvalid => Reason.BackendInvalid,
        ProblemCode.AnnotationRefused => Reason.AnnotationRefused,
        _ => Reason.BackendUnusable,
    };

    private static string[] MakeWords()
    {
        var words = Enum.GetNames<Reason>();
        words[(int)Reason.None] = "";
        return words;
    }
}
