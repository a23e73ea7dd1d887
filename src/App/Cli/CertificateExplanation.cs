using IngressController.Certificates;
using IngressController.Cluster;
using IngressController.Routing.Explaining;
using IngressController.Routing.Model;

namespace IngressController.App.Cli;

/// <summary>Which certificate clients see, and what is wrong with those that could be it.</summary>
/// <param name="Shown">To go after <c>clients are shown</c>; null where TLS ends elsewhere.</param>
internal sealed record CertificateExplanation(string? Shown, EquatableArray<Problem> Problems)
{
    public static CertificateExplanation Of(Explanation explanation, CertificateStore certificates)
    {
        var tls = explanation.Tls;
        var shown = certificates.ShownFor(explanation.Host);
        var isDefault = !shown.Any(secret => tls.Certificates.Any(source => source.Secret == secret));
        var concerned = tls.Certificates.Select(source => new ResourceKey(ResourceKind.Ingress, source.Ingress)).ToHashSet();
        if (isDefault && tls.DefaultCertificate is { } secret)
        {
            concerned.Add(new(ResourceKind.Secret, secret));
        }

        var problems = certificates.Problems.All.Where(problem => problem.Object is { } key && concerned.Contains(key)).ToEquatableArray();
        return new(tls.IsPassedThrough ? null : Words(shown, isDefault), problems);
    }

    private static string Words(EquatableArray<NamespacedName> shown, bool isDefault) =>
        shown.IsEmpty ? "the self-signed certificate, which the program makes"
        : $"the {(isDefault ? "default certificate" : "certificate")} of Secret {shown[0]}{(shown.Count > 1 ? $", and that of Secret {shown[1]} if they do not take ECDSA" : "")}";
}
