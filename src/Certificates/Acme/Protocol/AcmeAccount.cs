using System.Buffers.Text;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using IngressController.Cluster;

namespace IngressController.Certificates.Acme.Protocol;

/// <summary>An account at an authority, and what it can ask for. Throws as <see cref="AcmeClient"/> does. Thread-safe.</summary>
internal sealed class AcmeAccount(AcmeClient client, Authority authority, AccountKey key, Uri url, TimeProvider time)
{
    /// <summary>RFC 8555 section 7.1.2.1 lets an authority make pages as small as it likes.</summary>
    private const int MostPages = 200;

    /// <summary>POST-as-GET: RFC 8555 section 6.3.</summary>
    private const string OnlyRead = "";

    public Uri Url => url;

    /// <summary>RFC 8555 section 7.4, with the issuer's profile.</summary>
    /// <param name="hosts">Lower case; <c>*.</c> before them for wildcards.</param>
    /// <param name="replaces">The <see cref="CertificateId"/> of the certificate that is renewed; null: none. Left away where the authority does not know RFC 9773.</param>
    public async Task<Order> OrderAsync(IReadOnlyList<string> hosts, string? replaces, CancellationToken cancellationToken)
    {
        var directory = await authority.DirectoryAsync(cancellationToken);
        var order = new JsonObject { ["identifiers"] = new JsonArray([.. hosts.Select(host => new JsonObject { ["type"] = "dns", ["value"] = host })]) };
        if (client.Issuer.Profile is { } profile)
        {
            order["profile"] = directory.Profiles.Contains(profile) ? profile : throw UnknownProfile(profile, directory);
        }

        if (replaces is not null && directory.RenewalInfo is not null)
        {
            order["replaces"] = replaces;
        }

        var answer = await PostAsync(directory.NewOrder, "the new order", order.ToJsonString(), cancellationToken);
        var made = AcmeObjects.Order(answer, answer.Resource);
        return made.Hosts.ToHashSet().SetEquals(hosts) ? made : throw answer.Strange($"the order is for {OneLine.Of(string.Join(", ", made.Hosts))}");
    }

    public async Task<Order> GetOrderAsync(Uri order, CancellationToken cancellationToken) => (await AskForOrderAsync(order, cancellationToken)).Value;

    /// <summary>RFC 8555 section 7.1.2.1; the first thousands, where there are more.</summary>
    /// <returns>Null: this authority offers no list (Let's Encrypt does not).</returns>
    public async Task<IReadOnlyList<Uri>?> ListOrdersAsync(CancellationToken cancellationToken)
    {
        var account = await PostAsync(url, "the account", OnlyRead, cancellationToken);
        if (account.Fields().UrlOrNull("orders") is not { } next)
        {
            return null;
        }

        var orders = new List<Uri>();
        for (var page = 0; next is not null && page < MostPages; page++)
        {
            var answer = await PostAsync(next, "the list of orders", OnlyRead, cancellationToken);
            orders.AddRange(answer.Fields().Urls("orders"));
            next = answer.Linked("next").FirstOrDefault();
        }

        return orders;
    }

    /// <summary>Asks until <paramref name="isEnough"/>: at the pace of the authority's Retry-After, else after 1 s and then seldomer, up to each 10 s.</summary>
    /// <param name="atMost">Then it throws.</param>
    public Task<Order> PollOrderAsync(Uri order, Func<Order, bool> isEnough, TimeSpan atMost, CancellationToken cancellationToken) =>
        new Polling(time, atMost).UntilAsync(stop => AskForOrderAsync(order, stop), isEnough, $"{order.Authority} has not decided about the order", cancellationToken);

    public async Task<Authorization> GetAuthorizationAsync(Uri authorization, CancellationToken cancellationToken) => (await AskForAuthorizationAsync(authorization, cancellationToken)).Value;

    /// <summary>As <see cref="PollOrderAsync"/>.</summary>
    public Task<Authorization> PollAuthorizationAsync(Uri authorization, Func<Authorization, bool> isEnough, TimeSpan atMost, CancellationToken cancellationToken) =>
        new Polling(time, atMost).UntilAsync(stop => AskForAuthorizationAsync(authorization, stop), isEnough, $"{authorization.Authority} has not decided about the authorization", cancellationToken);

    /// <summary>Says that the answer to it is in place: RFC 8555 section 7.5.1.</summary>
    public async Task<Challenge> AnswerAsync(Challenge challenge, CancellationToken cancellationToken) =>
        AcmeObjects.Challenge(await PostAsync(challenge.Url, "the challenge", "{}", cancellationToken));

    /// <summary>Sends the certificate request: RFC 8555 section 7.4.</summary>
    /// <param name="order">Ready.</param>
    public async Task<Order> FinalizeAsync(Order order, CertificateKey certificateKey, CancellationToken cancellationToken)
    {
        var request = new JsonObject { ["csr"] = Base64Url.EncodeToString(certificateKey.Request(order.Hosts)) };
        return AcmeObjects.Order(await PostAsync(order.Finalize, "the certificate request", request.ToJsonString(), cancellationToken), order.Url);
    }

    /// <summary>The chain that the issuer prefers, where the authority offers it; else the first.</summary>
    /// <param name="order">Valid.</param>
    /// <param name="certificateKey">The certificate must fit it, and the order's hosts.</param>
    public async Task<IssuedCertificate> DownloadAsync(Order order, CertificateKey certificateKey, CancellationToken cancellationToken)
    {
        var place = order.Certificate ?? throw new AcmeException($"the order {order.Url} has no certificate yet");
        var first = await PostAsync(place, "the certificate", OnlyRead, cancellationToken);
        using var chain = CertificateChain.Read(first);
        if (client.Issuer.PreferredChain is { } name && !chain.IsIssuedBy(name))
        {
            foreach (var alternate in first.Linked("alternate"))
            {
                using var other = CertificateChain.Read(await PostAsync(alternate, "the certificate's other chain", OnlyRead, cancellationToken));
                if (other.IsIssuedBy(name))
                {
                    return other.Issued(order.Hosts, certificateKey, time.GetUtcNow());
                }
            }
        }

        return chain.Issued(order.Hosts, certificateKey, time.GetUtcNow());
    }

    public async Task RevokeAsync(X509Certificate2 leaf, RevocationReason reason, CancellationToken cancellationToken)
    {
        var directory = await authority.DirectoryAsync(cancellationToken);
        await PostAsync(directory.RevokeCert, "the revocation", AcmeClient.Revocation(leaf, reason), cancellationToken);
    }

    /// <summary>RFC 8555 section 7.3.5. Afterwards the account is to be used with <paramref name="next"/>; where this throws, nobody knows which of the two holds until it is asked for.</summary>
    public async Task ChangeKeyAsync(AccountKey next, CancellationToken cancellationToken)
    {
        var keyChange = (await authority.DirectoryAsync(cancellationToken)).KeyChange;
        var change = new JsonObject { ["account"] = url.OriginalString, ["oldKey"] = JsonNode.Parse(key.Signing.Jwk) };
        await PostAsync(keyChange, "the new key", Jws.WithKey(next.Signing, null, keyChange, change.ToJsonString()).ToJsonString(), cancellationToken);
    }

    /// <summary>Tells the authority the issuer's e-mail address as it is now: RFC 8555 section 7.3.2.</summary>
    public Task UpdateContactAsync(CancellationToken cancellationToken) => PostAsync(url, "the account", new JsonObject { ["contact"] = client.Contact() }.ToJsonString(), cancellationToken);

    /// <summary>For ever: RFC 8555 section 7.3.6.</summary>
    public Task DeactivateAsync(CancellationToken cancellationToken) => PostAsync(url, "the account", new JsonObject { ["status"] = "deactivated" }.ToJsonString(), cancellationToken);

    private async Task<(Order Value, TimeSpan? AskAgain)> AskForOrderAsync(Uri order, CancellationToken cancellationToken)
    {
        var answer = await PostAsync(order, "the order", OnlyRead, cancellationToken);
        return (AcmeObjects.Order(answer, order), answer.RetryAfter);
    }

    private async Task<(Authorization Value, TimeSpan? AskAgain)> AskForAuthorizationAsync(Uri authorization, CancellationToken cancellationToken)
    {
        var answer = await PostAsync(authorization, "the authorization", OnlyRead, cancellationToken);
        return (AcmeObjects.Authorization(answer), answer.RetryAfter);
    }

    private Task<Answer> PostAsync(Uri to, string what, string payload, CancellationToken cancellationToken) =>
        authority.PostAsync(to, what, nonce => Jws.WithAccount(key.Signing, url, nonce, to, payload), cancellationToken);

    private AcmeException UnknownProfile(string profile, AcmeDirectory directory) => new(
        $"{url.Authority} does not offer the profile {profile}; it offers {(directory.Profiles.Count == 0 ? "none" : OneLine.Of(string.Join(", ", directory.Profiles)))}");
}
