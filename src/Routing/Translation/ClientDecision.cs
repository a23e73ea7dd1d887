using IngressController.Routing.Model;

namespace IngressController.Routing.Translation;

/// <summary>
/// Whose client certificates a host asks for, and who is refused because it asks for others. TLS comes before any path, so one Ingress decides for all of a host's
/// paths; paths that it would leave less guarded than their own Ingress says are closed. Asked from two sides: the host's TLS, and its routes.
/// </summary>
internal static class ClientDecision
{
    /// <param name="ruler">The namespace of the oldest Ingress with a rule for the host.</param>
    /// <returns>The oldest of that namespace that asks for certificates; null: nobody is asked.</returns>
    public static IngressTranslation? Decider(HostName host, IEnumerable<IngressTranslation> oldestFirst, string? ruler) =>
        oldestFirst.FirstOrDefault(ingress => ingress.Age.Name.Namespace == ruler && AskedBy(ingress, host) is not null);

    /// <summary>Without authorities. Null: the Ingress follows the host.</summary>
    public static ClientVerification? AskedBy(IngressTranslation ingress, HostName host) => ingress.Tls.GetValueOrDefault(host)?.Clients;

    /// <param name="inForce">What the decider says; null where there is none.</param>
    public static bool IsRefused(ClientVerification? asked, ClientVerification? inForce) => asked is not null && (inForce is null || Guarding(asked, inForce).Any());

    /// <summary>The settings that decide who is let in, as far as they differ. Lists of what is revoked stand in the Secret.</summary>
    public static IEnumerable<string> Guarding(ClientVerification asked, ClientVerification inForce) => Differing(
        ("auth-tls-secret", asked.Secret == inForce.Secret),
        ("auth-tls-verify-client", asked.Use == inForce.Use),
        ("auth-tls-verify-depth", asked.Depth == inForce.Depth),
        ("auth-tls-match-cn", asked.SubjectPattern == inForce.SubjectPattern));

    /// <summary>The others: nobody comes in by them.</summary>
    public static IEnumerable<string> Telling(ClientVerification asked, ClientVerification inForce) => Differing(
        ("auth-tls-error-page", asked.ErrorPage == inForce.ErrorPage),
        ("auth-tls-pass-certificate-to-upstream", asked.PassesCertificate == inForce.PassesCertificate));

    private static IEnumerable<string> Differing(params (string Name, bool IsSame)[] settings) => from setting in settings where !setting.IsSame select setting.Name;
}
