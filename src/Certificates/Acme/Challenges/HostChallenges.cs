using System.Collections.Frozen;

namespace IngressController.Certificates.Acme.Challenges;

/// <summary>What may be asked about one host.</summary>
/// <param name="Thumbprints">Of the accounts that the tokens were given to (RFC 8555 section 8.1), by token.</param>
/// <param name="Account">The thumbprint for tokens that are not known here yet; null: there are orders of several accounts, or none that is shown over http.</param>
/// <param name="Certificate">What is shown over TLS; null: nothing.</param>
internal sealed record HostChallenges(FrozenDictionary<string, string> Thumbprints, string? Account, ChallengeCertificate? Certificate)
{
    public string? KeyAuthorization(string token) => Thumbprints.GetValueOrDefault(token, Account!) is { } thumbprint ? $"{token}.{thumbprint}" : null;
}
