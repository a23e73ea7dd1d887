using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace IngressController.Certificates.Acme.Protocol;

/// <summary>A certificate as it is downloaded: the leaf, and each that issued the one before (RFC 8555 section 7.4.2).</summary>
internal sealed class CertificateChain : IDisposable
{
    private const int Longest = 10;

    private readonly Answer answer;
    private readonly List<X509Certificate2> certificates;

    private CertificateChain(Answer answer, List<X509Certificate2> certificates) => (this.answer, this.certificates) = (answer, certificates);

    private X509Certificate2 Leaf => certificates[0];

    public static CertificateChain Read(Answer answer) => Understood(answer, () =>
    {
        var blocks = PemBlock.ReadAll(answer.Body);
        return blocks is { Count: > 0 and <= Longest } && blocks.TrueForAll(block => block.Label == "CERTIFICATE")
            ? new CertificateChain(answer, blocks.ConvertAll(block => X509CertificateLoader.LoadCertificate(block.Content)))
            : throw answer.Strange($"it has {blocks.Count} blocks of PEM, which are to be 1 to {Longest} certificates");
    });

    /// <summary>Whether one of the issuers has this common name.</summary>
    public bool IsIssuedBy(string name) => Understood(answer, () => certificates.Exists(certificate => certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: true) == name));

    /// <summary>What it may be used for.</summary>
    /// <exception cref="AcmeException">It is not what was ordered.</exception>
    public IssuedCertificate Issued(IEnumerable<string> hosts, CertificateKey key, DateTimeOffset now) => Understood(answer, () =>
    {
        var names = Leaf.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(extension => extension.EnumerateDnsNames()).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var missing = hosts.FirstOrDefault(host => !names.Contains(host));
        var why = !key.Fits(Leaf) ? "it is for another key"
            : missing is not null ? $"it is not for {missing}"
            : Leaf.NotAfter.ToUniversalTime() <= now ? $"it has ended at {Leaf.NotAfter.ToUniversalTime():u}"
            : certificates.Zip(certificates.Skip(1), (issued, issuer) => issued.IssuerName.RawData.AsSpan().SequenceEqual(issuer.SubjectName.RawData)).Contains(false) ? "its chain is not in order"
            : null;
        return why is null
            ? new IssuedCertificate(string.Concat(certificates.Select(certificate => certificate.ExportCertificatePem() + "\n")), new X509Certificate2(Leaf))
            : throw new AcmeException($"{answer.Asked.Authority} has issued a certificate that cannot be used: {why}");
    });

    public void Dispose() => certificates.ForEach(certificate => certificate.Dispose());

    /// <summary>The platform reads some parts of certificates only when they are asked for.</summary>
    private static T Understood<T>(Answer answer, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is FormatException or CryptographicException)
        {
            throw answer.Strange($"it is no PEM with certificates: {OneLine.Of(e.Message)}");
        }
    }
}
