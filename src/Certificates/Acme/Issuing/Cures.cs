using IngressController.Certificates.Acme.Protocol;

namespace IngressController.Certificates.Acme.Issuing;

/// <summary>What to do about what an authority says: by the type of its problem (RFC 8555 section 6.7) and the challenge, where that makes a difference.</summary>
internal static class Cures
{
    private const string LeadHere = "All A and AAAA records of the host must lead here";

    public static string Of(FailureRecord failure) => $"{Of(failure.Type, failure.Challenge)}It is tried again by itself, seldomer each time";

    public static string Of(HoldRecord hold) => $"{Of(hold.Type, null)}It is tried again by itself";

    /// <returns>Sentences with a space behind them; empty where only the authority's words help, or nothing is to be done.</returns>
    private static string Of(string? type, ChallengeKind? challenge) => (type, challenge) switch
    {
        (AcmeProblem.Connection, ChallengeKind.Http01) => $"{LeadHere}, and its port 80 must reach the controller; where only port 443 does, set --acme-challenge tls-alpn-01. ",
        (AcmeProblem.Connection, ChallengeKind.TlsAlpn01) => $"{LeadHere}, and its port 443 must reach the controller; where only port 80 does, set --acme-challenge http-01. ",
        (AcmeProblem.Dns, ChallengeKind.Dns01) or (AcmeProblem.Unauthorized or AcmeProblem.IncorrectResponse, ChallengeKind.Dns01) =>
            "The TXT record _acme-challenge below the host must be in the zone that the world sees, at all of its name servers. ",
        (AcmeProblem.Dns, _) => "The host must have A or AAAA records that the whole world can look up; look at its name servers, and at DNSSEC. ",
        (AcmeProblem.Unauthorized or AcmeProblem.IncorrectResponse, ChallengeKind.Http01) => $"Something else has answered. {LeadHere}, and nothing before the controller may answer /.well-known/acme-challenge/ by itself. ",
        (AcmeProblem.Unauthorized or AcmeProblem.IncorrectResponse or AcmeProblem.Tls, ChallengeKind.TlsAlpn01) => $"Something else has answered. {LeadHere}, and nothing before the controller may end TLS; where something does, set --acme-challenge http-01. ",
        (AcmeProblem.Caa, _) => "Add this authority to the CAA records of the domain, or take them away. ",
        (AcmeProblem.RejectedIdentifier or AcmeProblem.UnsupportedIdentifier, _) => $"This authority does not issue for the host: name another issuer by {AcmeAnnotations.Issuer}, or take the host out of spec.tls. ",
        (AcmeProblem.RateLimited, _) => "Wait, and try with --acme-directory letsencrypt-staging meanwhile; orders of others for the same domain count too. ",
        (AcmeProblem.ExternalAccountRequired, _) => "Give --acme-eab-key-id and --acme-eab-key-file, which you get from the authority. ",
        (AcmeProblem.UserActionRequired, _) => "Agree to what the authority wants at the address that it names. ",
        (AcmeProblem.ServerInternal, _) => "The authority has trouble of its own: nothing is to be done here. ",
        _ => "",
    };
}
