using IngressController.Cluster;
using IngressController.Cluster.Resources;

namespace IngressController.Certificates;

/// <summary>What became of a Secret with a certificate.</summary>
/// <param name="Certificate">Null where none can be served.</param>
/// <param name="Why">What is wrong in that case; goes after <c>Secret shop/web</c>.</param>
internal sealed record LoadedSecret(LoadedCertificate? Certificate, string Why)
{
    /// <param name="staples">Responders may be asked about revocation.</param>
    public static LoadedSecret Of(Secret secret, bool staples) => Of(secret.Data.GetValueOrDefault("tls.crt"), secret.Data.GetValueOrDefault("tls.key"), staples);

    /// <summary>
    /// Reads everything, so that it can be judged, and keeps only what is asked about it: most of many certificates wait long for their first handshake. Total:
    /// whatever is given, it costs a few milliseconds and never an exception.
    /// </summary>
    public static LoadedSecret Of(EquatableArray<byte> certificates, EquatableArray<byte> key, bool staples)
    {
        using var identity = ServerIdentity.TryRead(certificates, key, out var why);
        try
        {
            return identity is null ? new(null, why) : new(new LoadedCertificate(identity.Leaf, () => ServerIdentity.TryRead(certificates, key, out _), staples), "");
        }
        catch (Exception e) when (ServerIdentity.IsOfContent(e))
        {
            return new(null, "cannot be used");
        }
    }
}
