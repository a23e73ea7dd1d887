using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using IngressController.Routing.Model;

namespace IngressController.Certificates;

/// <summary>A certificate with its chain and key, ready for handshakes: nothing is parsed or built for each of them.</summary>
internal sealed class LoadedCertificate
{
    private readonly string[] names;

    /// <summary>Kept only for stapling.</summary>
    private readonly X509Certificate2[] chain;
    private volatile SslStreamCertificateContext context;

    /// <param name="leaf">With its key.</param>
    /// <param name="chain">From the leaf's issuer up. A root among it is not sent, but known as the issuer.</param>
    public LoadedCertificate(X509Certificate2 leaf, X509Certificate2[] chain)
    {
        context = SslStreamCertificateContext.Create(leaf, [.. chain], offline: true); // nothing is fetched while news wait
        NamesResponder = leaf.Extensions.OfType<X509AuthorityInformationAccessExtension>().Any(access => access.EnumerateOcspUris().Any());
        this.chain = NamesResponder ? chain : [];
        IsEcdsa = leaf.PublicKey.Oid.Value == Oids.EllipticCurve;
        (NotBefore, NotAfter) = (leaf.NotBefore, leaf.NotAfter);
        Issuer = leaf.GetNameInfo(X509NameType.SimpleName, forIssuer: true);
        names = NamesOf(leaf);
        IsForServers = leaf.Extensions.OfType<X509EnhancedKeyUsageExtension>()
            .All(usage => usage.EnhancedKeyUsages.Cast<System.Security.Cryptography.Oid>().Any(oid => oid.Value is Oids.ServerAuthentication or Oids.AnyUsage));
    }

    public SslStreamCertificateContext Context => context;

    /// <summary>It says where its authority can be asked whether it was revoked.</summary>
    public bool NamesResponder { get; }

    /// <summary>The key is on an elliptic curve, which not every client can verify; otherwise it is RSA.</summary>
    public bool IsEcdsa { get; }

    public DateTimeOffset NotBefore { get; }

    public DateTimeOffset NotAfter { get; }

    public string Issuer { get; }

    /// <summary>False where it says what it is for, and servers are not among it.</summary>
    public bool IsForServers { get; }

    /// <summary>The hosts and wildcards that it is for, sorted; lower case.</summary>
    public IReadOnlyList<string> Names => names;

    /// <summary>Whether a client that asks for the host would find it named. True for <see cref="HostName.Any"/>, of which nobody can say.</summary>
    public bool Covers(HostName host)
    {
        if (host.IsAny || Has(host.Text))
        {
            return true;
        }

        var dot = host.Text.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && !host.IsWildcard && Has($"*{host.Text[dot..]}");
    }

    /// <summary>Has the authority's answer sent along in handshakes from now on. Asks the network; belongs to one task.</summary>
    public void Staple() => context = SslStreamCertificateContext.Create(context.TargetCertificate, [.. chain], offline: false);

    public bool IsInTime(DateTimeOffset now) => NotBefore <= now && now <= NotAfter;

    private bool Has(string name) => Array.BinarySearch(names, name, StringComparer.Ordinal) >= 0;

    /// <summary>Subject alternative names only, as clients look at no others (RFC 9525 section 2). What is no host name is left out, so that nobody writes into our log.</summary>
    private static string[] NamesOf(X509Certificate2 leaf)
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var text in leaf.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(names => names.EnumerateDnsNames()))
        {
            if (HostName.TryParse(text, out var name) && !name.IsAny)
            {
                found.Add(name.Text);
            }
        }

        return [.. found];
    }
}
