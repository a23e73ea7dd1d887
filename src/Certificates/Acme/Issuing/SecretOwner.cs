using IngressController.Cluster.Resources;

namespace IngressController.Certificates.Acme.Issuing;

/// <summary>Whose Secrets are whose: what somebody else made is not written over unless an Ingress says so.</summary>
internal static class SecretOwner
{
    private const string CertManager = "cert-manager.io/";

    public static bool IsOurs(Secret secret, string owner) => secret.Metadata.Annotations.GetValueOrDefault(AcmeAnnotations.Owner) == owner;

    /// <param name="secret">As it is now; null: there is none.</param>
    /// <returns>Null: it may be written.</returns>
    public static Refusal? Refuse(WantedCertificate wanted, Secret? secret, string owner)
    {
        if (secret is null || wanted.TakesOver || IsOurs(secret, owner))
        {
            return null;
        }

        var by = secret.Metadata.Annotations.Any(annotation => annotation.Key.StartsWith(CertManager, StringComparison.Ordinal)) ? "cert-manager made it and renews it"
            : secret.Metadata.Annotations.GetValueOrDefault(AcmeAnnotations.Owner) is { } other ? $"{other} made it and renews it"
            : "somebody else made it";
        var ingress = wanted.Askers[0].Ingress;
        return new(
            $"it exists, and {by}",
            $"Leave it so and ask for no certificate; or name another Secret; or let it be renewed from here: kubectl -n {ingress.Namespace} annotate ingress {ingress.Name} {AcmeAnnotations.TakeOver}=true");
    }
}
