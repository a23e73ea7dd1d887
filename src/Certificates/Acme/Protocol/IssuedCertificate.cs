using System.Security.Cryptography.X509Certificates;

namespace IngressController.Certificates.Acme.Protocol;

/// <summary>What an authority issued.</summary>
/// <param name="Pem">The leaf and what leads to the root.</param>
/// <param name="Leaf">Without its key.</param>
internal sealed record IssuedCertificate(string Pem, X509Certificate2 Leaf) : IDisposable
{
    public void Dispose() => Leaf.Dispose();
}

/// <summary>RFC 9773 section 4.2.</summary>
/// <param name="Start">May be past: renew now.</param>
/// <param name="ExplanationUrl">For people; null: none.</param>
/// <param name="AskAgain">From now on, as the authority says it, from 1 minute to 1 day; 6 hours where it says nothing.</param>
internal sealed record RenewalWindow(DateTimeOffset Start, DateTimeOffset End, Uri? ExplanationUrl, TimeSpan AskAgain);

/// <summary>Those of RFC 5280 section 5.3.1 that an owner of a certificate may give.</summary>
internal enum RevocationReason
{
    Unspecified = 0,
    KeyCompromise = 1,
    AffiliationChanged = 3,
    Superseded = 4,
    CessationOfOperation = 5,
}
