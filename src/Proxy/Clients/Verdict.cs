namespace IngressController.Proxy.Clients;

/// <summary>Whether requests with what a client has shown are let in.</summary>
internal enum Admission
{
    Admitted,

    /// <summary>400: there must be a certificate, and there is none.</summary>
    Missing,

    /// <summary>400: nobody that is trusted vouches for the certificate, or no longer.</summary>
    Invalid,

    /// <summary>403: the certificate is good, but its subject is not the one that is asked for.</summary>
    NotAllowed,
}

/// <summary>What a policy says of what a client has shown, with what the backend is told.</summary>
/// <param name="Outcome">As in nginx: NONE, SUCCESS or FAILED:reason.</param>
/// <param name="Subject">RFC 2253; empty where there is no certificate.</param>
/// <param name="Issuer">RFC 2253; empty where there is no certificate.</param>
/// <param name="Certificate">PEM with percent-encoding; empty where the backend is not to have it.</param>
/// <param name="Until">Afterwards something has expired, and it must be judged again.</param>
internal sealed record Verdict(Admission Admission, string Outcome, string Subject, string Issuer, string Certificate, DateTimeOffset Until);
