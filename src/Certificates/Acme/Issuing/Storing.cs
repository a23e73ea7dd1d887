using System.Security.Cryptography.X509Certificates;
using System.Text;
using IngressController.Certificates.Acme.Protocol;
using IngressController.Cluster;

namespace IngressController.Certificates.Acme.Issuing;

/// <summary>Puts a certificate where it belongs, in the place of the one that is there.</summary>
internal sealed class Storing(Desk desk, WantedCertificate wanted, AcmeAccount account)
{
    /// <summary>Somebody else may write at the same moment; hardly so often.</summary>
    private const int Tries = 5;

    /// <exception cref="AcmeException">What is replaced was to be revoked, and the authority is not there.</exception>
    /// <exception cref="IOException"/>
    public async Task StoreAsync(IssuedCertificate issued, CertificateKey key, CancellationToken cancellationToken)
    {
        for (var tries = 0; tries < Tries; tries++)
        {
            var seen = desk.News.Now?.Secrets.GetValueOrDefault(wanted.Secret);
            var stored = await desk.Secrets.FindAsync(wanted.Secret, cancellationToken);
            if (SecretOwner.Refuse(wanted, stored?.Secret, desk.Options.Owner) is { } refusal)
            {
                await desk.UpdateAsync(state => state.Without(wanted.Secret).CountIssued(wanted, desk.Options, desk.Now));
                throw new IOException($"Secret {wanted.Secret} cannot be written: {refusal.Why}. {refusal.Cure}");
            }

            var held = stored is null ? null : HeldCertificate.Of(stored.Secret, desk.Options.Owner);
            if (held?.Leaf?.Serial != issued.Leaf.SerialNumber) // otherwise it is there already, and a crash came before that was noted
            {
                await RevokeAsync(stored, held, cancellationToken);
                var secret = IssuedSecret.Of(wanted, issued, key, stored?.Secret, desk.Options.Owner);
                held = HeldCertificate.Of(secret, desk.Options.Owner);
                if (await desk.Secrets.WriteAsync(secret, stored?.Version, desk.Term) is null)
                {
                    continue;
                }
            }

            desk.Fresh.Note(wanted.Secret, seen, held);
            var isRenewal = desk.Book.State.OrderFor(wanted)?.Replaces is not null;
            await desk.UpdateAsync(state => state.Issued(wanted, desk.Options, desk.Now));
            desk.Metrics.Issued(wanted.Issuer, isRenewal);
            desk.Log.Issued(wanted.Secret, wanted.Issuer.Name, wanted.Hosts, issued.Leaf.NotAfter);
            return;
        }

        throw new IOException($"Secret {wanted.Secret} cannot be written: there is always somebody else who changes it. Look who does: kubectl -n {wanted.Secret.Namespace} get secret {wanted.Secret.Name} --show-managed-fields -o yaml");
    }

    /// <summary>Only now, when there is another: until then it is served.</summary>
    private async Task RevokeAsync(StoredSecret? stored, HeldCertificate? held, CancellationToken cancellationToken)
    {
        if (held is not { IsOurs: true, Leaf: { } leaf, Revoke: { } reason })
        {
            return;
        }

        try
        {
            using var certificate = X509CertificateLoader.LoadCertificate(leaf.Certificate.AsSpan());
            if (held.IsFrom(wanted.Issuer))
            {
                await account.RevokeAsync(certificate, reason, cancellationToken);
            }
            else if (desk.Options.Issuers.FirstOrDefault(held.IsFrom) is { } other)
            {
                using var key = CertificateKey.Read(Encoding.UTF8.GetString(stored!.Secret.Data.GetValueOrDefault("tls.key").AsSpan()));
                await desk.Accounts.ClientOf(other).RevokeAsync(certificate, key, reason, cancellationToken);
            }
            else
            {
                desk.Log.NotRevoked(wanted.Secret, leaf.Serial, $"no issuer of ours has the directory {held.Directory}");
                return;
            }

            desk.Log.Revoked(wanted.Secret, leaf.Serial, reason);
        }
        catch (Exception refused) when (refused is FormatException or AcmeException { IsUnavailable: false })
        {
            if (!(refused as AcmeException)?.Is(AcmeProblem.AlreadyRevoked) ?? true)
            {
                desk.Log.NotRevoked(wanted.Secret, leaf.Serial, refused.Message);
            }
        }
    }
}

/// <summary>Reasons by the names of RFC 5280 section 5.3.1.</summary>
internal static class RevocationText
{
    public const string Choices = "unspecified, keyCompromise, affiliationChanged, superseded or cessationOfOperation";

    /// <returns>Null: it is none.</returns>
    public static RevocationReason? Read(string text) => text switch
    {
        "unspecified" => RevocationReason.Unspecified,
        "keyCompromise" => RevocationReason.KeyCompromise,
        "affiliationChanged" => RevocationReason.AffiliationChanged,
        "superseded" => RevocationReason.Superseded,
        "cessationOfOperation" => RevocationReason.CessationOfOperation,
        _ => null,
    };
}
