using System.Buffers.Text;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;

namespace IngressController.Certificates.Acme.Protocol;

/// <summary>One certificate authority, spoken to by RFC 8555. Decides nothing. Thread-safe.</summary>
/// <remarks>Whatever the authority answers or does not answer, methods throw nothing but <see cref="AcmeException"/>, and <see cref="OperationCanceledException"/> where the caller cancelled.</remarks>
internal sealed class AcmeClient(Issuer issuer, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan UsualRenewalPause = TimeSpan.FromHours(6);
    private static readonly TimeSpan LeastRenewalPause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan MostRenewalPause = TimeSpan.FromDays(1);

    private readonly Authority authority = new(issuer, time);

    public Issuer Issuer => issuer;

    /// <summary>RFC 8555 section 7.3: agrees to the terms of service, and shows the external account where the issuer has one.</summary>
    /// <param name="onlyExisting">Makes none; <see cref="AcmeProblem.AccountDoesNotExist"/> then where there is none.</param>
    /// <returns>The account's URL.</returns>
    public async Task<Uri> RegisterAsync(AccountKey key, bool onlyExisting, CancellationToken cancellationToken)
    {
        var newAccount = (await authority.DirectoryAsync(cancellationToken)).NewAccount;
        var account = new JsonObject { ["onlyReturnExisting"] = true };
        if (!onlyExisting)
        {
            account = new() { ["termsOfServiceAgreed"] = true, ["contact"] = Contact() };
            if (issuer.ExternalAccount is { } external)
            {
                account["externalAccountBinding"] = Jws.OfExternalAccount(external, key.Signing, newAccount);
            }
        }

        var payload = account.ToJsonString();
        var answer = await authority.PostAsync(newAccount, "the account", nonce => Jws.WithKey(key.Signing, nonce, newAccount, payload), cancellationToken);
        return answer.Fields().TextOrNull("status") is null or "valid" ? answer.Resource : throw Ended(answer);
    }

    /// <summary>What an account can do. Takes no exchange.</summary>
    public AcmeAccount Use(AccountKey key, Uri accountUrl) => new(this, authority, key, accountUrl, time);

    /// <summary>When the authority wants a certificate renewed (RFC 9773); takes no account.</summary>
    /// <returns>Null: this authority does not say, or the certificate names no issuer's key.</returns>
    public async Task<RenewalWindow?> RenewalAsync(X509Certificate2 leaf, CancellationToken cancellationToken)
    {
        if (CertificateId.Of(leaf) is not { } id || (await authority.DirectoryAsync(cancellationToken)).RenewalInfo is not { } place)
        {
            return null;
        }

        var answer = await authority.GetAsync(new($"{place.OriginalString.TrimEnd('/')}/{id}"), "renewal information", cancellationToken);
        var fields = answer.Fields();
        var window = fields.Object("suggestedWindow");
        var (start, end) = (window.Time("start"), window.Time("end"));
        if (end <= start)
        {
            throw answer.Strange("suggestedWindow ends before it begins");
        }

        var explanation = Uri.TryCreate(fields.TextOrNull("explanationURL"), UriKind.Absolute, out var url) && url.Scheme is "https" or "http" ? url : null;
        var pause = answer.RetryAfter ?? UsualRenewalPause;
        return new(start, end, explanation, TimeSpan.FromTicks(Math.Clamp(pause.Ticks, LeastRenewalPause.Ticks, MostRenewalPause.Ticks)));
    }

    /// <summary>By the key of the certificate, without an account: RFC 8555 section 7.6.</summary>
    public async Task RevokeAsync(X509Certificate2 leaf, CertificateKey key, RevocationReason reason, CancellationToken cancellationToken)
    {
        var revokeCert = (await authority.DirectoryAsync(cancellationToken)).RevokeCert;
        var payload = Revocation(leaf, reason);
        await authority.PostAsync(revokeCert, "the revocation", nonce => Jws.WithKey(key.Signing, nonce, revokeCert, payload), cancellationToken);
    }

    public void Dispose() => authority.Dispose();

    internal JsonArray Contact() => issuer.Email is { } email ? [$"mailto:{email}"] : [];

    /// <summary>RFC 8555 section 7.6.</summary>
    internal static string Revocation(X509Certificate2 leaf, RevocationReason reason)
    {
        var revocation = new JsonObject { ["certificate"] = Base64Url.EncodeToString(leaf.RawData) };
        if (reason != RevocationReason.Unspecified) // RFC 5280 section 5.3.1: then there should be none
        {
            revocation["reason"] = (int)reason;
        }

        return revocation.ToJsonString();
    }

    private static AcmeException Ended(Answer answer)
    {
        var problem = new AcmeProblem(AcmeProblem.Unauthorized, $"the account is {OneLine.Of(answer.Fields().Text("status"))}", null, null, []);
        return new($"{answer.Asked.Authority} refuses the account: {problem.Sentence}") { Problem = problem };
    }
}
