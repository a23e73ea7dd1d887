using IngressController.Certificates;
using IngressController.Cluster;
using IngressController.Routing.Explaining;

namespace IngressController.App.Cli;

/// <summary>Which certificate clients see.</summary>
/// <param name="Secret">Null: the self-signed one.</param>
/// <param name="Words">To go after <c>shown</c>.</param>
/// <param name="Problems">Of the default certificate, where it is that.</param>
internal sealed record CertificateExplanation(NamespacedName? Secret, string Words, EquatableArray<Problem> Problems)
{
    /// <returns>Null where TLS ends elsewhere.</returns>
    public static CertificateExplanation? Of(Explanation explanation, CertificateStore certificates)
    {
        var tls = explanation.Tls;
        if (tls.IsPassedThrough)
        {
            return null;
        }

        var shown = certificates.ShownFor(explanation.Host);
        var isDefault = !shown.Any(secret => tls.Certificates.Any(source => source.Secret == secret));
        var problems = isDefault && tls.DefaultCertificate is { } secret ? certificates.Problems.All.Where(problem => problem.Object == new ResourceKey(ResourceKind.Secret, secret)) : [];
        return new(shown.IsEmpty ? null : shown[0], WordsOf(shown, isDefault), [.. problems]);
    }

    private static string WordsOf(EquatableArray<NamespacedName> shown, bool isDefault) =>
        shown.IsEmpty ? "the self-signed certificate, which the program makes"
        : $"the {(isDefault ? "default certificate" : "certificate")} of Secret {shown[0]}{(shown.Count > 1 ? $", and that of Secret {shown[1]} if they do not take ECDSA" : "")}";
}
