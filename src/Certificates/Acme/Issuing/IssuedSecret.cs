using System.Globalization;
using System.Text;
using IngressController.Certificates.Acme.Protocol;
using IngressController.Cluster;
using IngressController.Cluster.Resources;

namespace IngressController.Certificates.Acme.Issuing;

/// <summary>Secrets as we make them.</summary>
internal static class IssuedSecret
{
    private const string Tls = "kubernetes.io/tls";
    private const string ManagedBy = "app.kubernetes.io/managed-by";

    /// <param name="before">What is replaced: what others noted on it, and what else is in it, stays; so does its type, which the API server lets nobody change. Null: nothing.</param>
    public static Secret Of(WantedCertificate wanted, IssuedCertificate issued, CertificateKey key, Secret? before, string owner)
    {
        var metadata = Metadata(before?.Metadata ?? new(wanted.Secret.Namespace, wanted.Secret.Name), owner,
        [
            new(AcmeAnnotations.Issuer, wanted.Issuer.Name),
            new(AcmeAnnotations.Directory, wanted.Issuer.Directory.AbsoluteUri),
            new(AcmeAnnotations.Serial, issued.Leaf.SerialNumber),
            new(AcmeAnnotations.Expiry, issued.Leaf.NotAfter.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)),
        ]);
        var data = (before?.Data ?? default).Concat([new("tls.crt", Bytes(issued.Pem)), new("tls.key", Bytes(key.Pem))]).ToEquatableMap();
        return new(metadata, before?.Type ?? Tls, data);
    }

    /// <summary>With the marks of who made it; the wish to have a certificate revoked was fulfilled.</summary>
    public static Metadata Metadata(Metadata before, string owner, IEnumerable<KeyValuePair<string, string>> notes) => before with
    {
        Labels = before.Labels.Append(new(ManagedBy, "ingress-controller")).ToEquatableMap(),
        Annotations = before.Annotations.Where(annotation => annotation.Key != AcmeAnnotations.Revoke).Append(new(AcmeAnnotations.Owner, owner)).Concat(notes).ToEquatableMap(),
    };

    private static EquatableArray<byte> Bytes(string text) => [.. Encoding.UTF8.GetBytes(text)];
}
