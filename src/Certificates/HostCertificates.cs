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

    /// <summary>ECDSA where the client takes it, because its handshakes cost the server a tenth.</summary>
    public LoadedCertificate For(bool takesEcdsa) => takesEcdsa ? first : withRsa;
}
