using System.Net.Security;
using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using IngressController.Routing.Model;

namespace IngressController.Certificates;

/// <summary>
/// A certificate that can be served, and what is asked about it. It is made ready at its first handshake, once, and kept: preparing takes a millisecond and tens of
/// kilobytes, and of many certificates few are asked for.
/// </summary>
internal sealed class LoadedCertificate
{
    private readonly string[] names;
    private readonly Func<ServerIdentity?> read;
    private readonly Lazy<SslStreamCertificateContext?> context;

    /// <summary>By whose certificates clients are asked for. Here and not in a table of all certificates, which would keep alive what each of its values points to.</summary>
    private ConditionalWeakTable<SslCertificateTrust, SslStreamCertificateContext?>? withClients;

    /// <param name="read">Reads it again, with its key.</param>
    /// <param name="staples">Responders may be asked about revocation.</param>
    public LoadedCertificate(X509Certificate2 leaf, Func<ServerIdentity?> read, bool staples)
    {
        this.read = read;
        context = new(() => Prepare(null), LazyThreadSafetyMode.PublicationOnly); // what fails for want of memory is tried again
        Staples = staples && leaf.Extensions.OfType<X509AuthorityInformationAccessExtension>().Any(access => access.EnumerateOcspUris().Any());
        IsEcdsa = leaf.PublicKey.Oid.Value == Oids.EllipticCurve;
        (NotBefore, NotAfter) = (leaf.NotBefore, leaf.NotAfter);
        Issuer = leaf.GetNameInfo(X509NameType.SimpleName, forIssuer: true);
        names = NamesOf(leaf);
        IsForServers = leaf.Extensions.OfType<X509EnhancedKeyUsageExtension>()
            .All(usage => usage.EnhancedKeyUsages.Cast<System.Security.Cryptography.Oid>().Any(oid => oid.Value is Oids.ServerAuthentication or Oids.AnyUsage));
    }

    /// <summary>For handshakes that ask clients for nothing: nothing is parsed or built for each of them. Null where the framework refuses what it could read.</summary>
    public SslStreamCertificateContext? Context => context.Value;

    /// <summary>It says where its authority can be asked whether it was revoked, and we may ask.</summary>
    public bool Staples { get; }

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

    /// <summary>For handshakes that ask clients for certificates. Goes with the trust.</summary>
    public SslStreamCertificateContext? ContextFor(SslCertificateTrust clients) => LazyInitializer.EnsureInitialized(ref withClients).GetValue(clients, Prepare);

    /// <summary>Prepares it anew.</summary>
    /// <param name="clients">Whose certificates clients are asked for; null: they are not asked.</param>
    public SslStreamCertificateContext? Prepare(SslCertificateTrust? clients)
    {
        try
        {
            using var identity = read();
            return identity?.CreateContext(clients, Staples);
        }
        catch (Exception e) when (ServerIdentity.IsOfContent(e))
        {
            return null;
        }
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
