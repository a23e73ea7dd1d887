using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using IngressController.Routing.Model;

namespace IngressController.Certificates;

/// <summary>A certificate with its chain and key, ready for handshakes: nothing is parsed or built for each of them.</summary>
internal sealed class LoadedCertificate
{
    private readonly string[] names;
    private volatile SslStreamCertificateContext context;

    /// <param name="context">With its key.</param>
    public LoadedCertificate(SslStreamCertificateContext context)
    {
        this.context = context;
        var leaf = context.TargetCertificate;
        IsEcdsa = leaf.PublicKey.Oid.Value == Oids.EllipticCurve;
        (NotBefore, NotAfter) = (leaf.NotBefore, leaf.NotAfter);
        Issuer = leaf.GetNameInfo(X509NameType.SimpleName, forIssuer: true);
        names = NamesOf(leaf);
        IsForServers = leaf.Extensions.OfType<X509EnhancedKeyUsageExtension>()
            .All(usage => usage.EnhancedKeyUsages.Cast<System.Security.Cryptography.Oid>().Any(oid => oid.Value is Oids.ServerAuthentication or Oids.AnyUsage));
    }

    /// <summary>Replaced by one with a stapled answer of the authority when that comes.</summary>
    public SslStreamCertificateContext Context
    {
        get => context;
        set => context = value;
    }

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
