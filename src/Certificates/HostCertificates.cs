using IngressController.Routing.Model;

namespace IngressController.Certificates;

/// <summary>The certificates of one host: at most one of each kind of key, in the order in which they were named.</summary>
internal sealed class HostCertificates
{
    private readonly LoadedCertificate first;
    private readonly LoadedCertificate withRsa;

    /// <param name="certificates">At least one.</param>
    public HostCertificates(IReadOnlyList<LoadedCertificate> certificates) => (first, withRsa) = (
        certificates.FirstOrDefault(certificate => certificate.IsEcdsa) ?? certificates[0],
        certificates.FirstOrDefault(certificate => !certificate.IsEcdsa) ?? certificates[0]);

    /// <summary>Wrong ones, which clients refuse, are served only where there are no others.</summary>
    /// <param name="named">All that can be served, in the order in which they were named.</param>
    /// <returns>Null where there is none.</returns>
    public static HostCertificates? Choose(HostName host, IReadOnlyList<LoadedCertificate> named, DateTimeOffset now) =>
        ChooseGood(host, named, now) ?? (named.Count > 0 ? new(named) : null);

    /// <returns>Null where there is none that clients of the host take.</returns>
    public static HostCertificates? ChooseGood(HostName host, IEnumerable<LoadedCertificate> named, DateTimeOffset now)
    {
        var good = named.Where(certificate => certificate.Covers(host) && certificate.IsInTime(now)).ToList();
        return good.Count > 0 ? new(good) : null;
    }

    /// <summary>ECDSA where the client takes it, because its handshakes cost the server a tenth.</summary>
    public LoadedCertificate For(bool takesEcdsa) => takesEcdsa ? first : withRsa;
}
