using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using IngressController.Certificates.Acme;
using IngressController.Certificates.Acme.Protocol;
using IngressController.Testing;
using IngressController.Testing.Acme.Pebble;

namespace IngressController.EndToEnd.Acme;

/// <summary>Against Pebble, which was not made by us.</summary>
public sealed class PebbleTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(80);

    [Theory]
    [InlineData("EcdsaP256")]
    [InlineData("EcdsaP384")]
    [InlineData("Rsa2048")]
    [InlineData("Rsa4096")]
    public async Task A_certificate_is_issued_for_each_kind_of_key_and_challenge(string type)
    {
        await using var pebble = await PebbleProcess.StartAsync();
        using var client = Client(pebble);
        using var accountKey = AccountKey.Create();
        using var key = CertificateKey.Create(Enum.Parse<CertificateKeyType>(type));
        var account = client.Use(accountKey, await client.RegisterAsync(accountKey, onlyExisting: false, default).InTime());
        foreach (var (kind, host) in new[] { (ChallengeKind.Http01, "http.shop.example"), (ChallengeKind.TlsAlpn01, "tls.shop.example"), (ChallengeKind.Dns01, "*.dns.shop.example") })
        {
            using var issued = await IssueAsync(pebble, account, accountKey, key, kind, host);
            Assert.True(key.Fits(issued.Leaf));
            using var chain = new X509Chain();
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            chain.ChainPolicy.CustomTrustStore.ImportFromPem(await pebble.RootAsync());
            chain.ChainPolicy.ExtraStore.ImportFromPem(issued.Pem);
            Assert.True(chain.Build(issued.Leaf));
        }
    }

    [Fact]
    public async Task A_chain_to_another_root_is_taken_where_it_is_preferred()
    {
        await using var pebble = await PebbleProcess.StartAsync(new() { AlternateRoots = 2 });
        using var root = X509Certificate2.CreateFromPem(await pebble.RootAsync(2));
        using var client = Client(pebble, issuer => issuer with { PreferredChain = root.GetNameInfo(X509NameType.SimpleName, forIssuer: false) });
        using var accountKey = AccountKey.Create();
        using var key = CertificateKey.Create(CertificateKeyType.EcdsaP256);
        var account = client.Use(accountKey, await client.RegisterAsync(accountKey, onlyExisting: false, default).InTime());
        using var issued = await IssueAsync(pebble, account, accountKey, key, ChallengeKind.Http01, "shop.example");
        var shown = new X509Certificate2Collection();
        shown.ImportFromPem(issued.Pem);
        Assert.Equal(root.Subject, shown[^1].Issuer);
    }

    [Fact]
    public async Task An_answer_that_is_wrong_is_told_in_the_words_of_the_authority()
    {
        await using var pebble = await PebbleProcess.StartAsync();
        using var client = Client(pebble);
        using var accountKey = AccountKey.Create();
        var account = client.Use(accountKey, await client.RegisterAsync(accountKey, onlyExisting: false, default).InTime());
        var order = await account.OrderAsync(["shop.example"], null, default).InTime();
        var authorization = await account.GetAuthorizationAsync(order.Authorizations[0], default).InTime();
        var challenge = authorization.Challenges.Single(one => one.Kind == ChallengeKind.Http01);
        await pebble.AnswerHttpAsync(challenge.Token, "something else");
        await account.AnswerAsync(challenge, default).InTime();
        var judged = await account.PollAuthorizationAsync(authorization.Url, polled => polled.Status != AuthorizationStatus.Pending, Patience, default).InTime();
        Assert.Equal((AuthorizationStatus.Invalid, AcmeProblem.Unauthorized), (judged.Status, judged.Error?.Type));
        Assert.Contains("something else", judged.Error!.Sentence, StringComparison.Ordinal);
        Assert.Equal(OrderStatus.Invalid, (await account.PollOrderAsync(order.Url, polled => polled.Status != OrderStatus.Pending, Patience, default).InTime()).Status);
    }

    [Fact]
    public async Task Accounts_are_bound_listed_changed_and_ended()
    {
        var mac = RandomNumberGenerator.GetBytes(32);
        await using var pebble = await PebbleProcess.StartAsync(new() { ExternalAccounts = new Dictionary<string, string> { ["shop"] = Base64Url.EncodeToString(mac) } });
        using var accountKey = AccountKey.Create();
        using var stranger = Client(pebble);
        var refused = await Assert.ThrowsAsync<AcmeException>(() => stranger.RegisterAsync(accountKey, onlyExisting: false, default)).InTime();
        Assert.True(refused.Is("externalAccountRequired"), refused.Message);

        using var client = Client(pebble, issuer => issuer with { ExternalAccount = new("shop", [.. mac]) });
        var url = await client.RegisterAsync(accountKey, onlyExisting: false, default).InTime();
        var account = client.Use(accountKey, url);
        await account.UpdateContactAsync(default).InTime();
        var orders = new List<Uri>();
        for (var number = 0; number < 5; number++) // its pages have three
        {
            orders.Add((await account.OrderAsync([$"shop-{number}.example"], null, default).InTime()).Url);
        }

        Assert.Equal(orders.Order(Comparer<Uri>.Create((a, b) => string.CompareOrdinal(a.OriginalString, b.OriginalString))), (await account.ListOrdersAsync(default).InTime())!.OrderBy(order => order.OriginalString, StringComparer.Ordinal));

        using var next = AccountKey.Create();
        await account.ChangeKeyAsync(next, default).InTime();
        Assert.Equal(url, await client.RegisterAsync(next, onlyExisting: true, default).InTime());
        var old = await Assert.ThrowsAsync<AcmeException>(() => client.RegisterAsync(accountKey, onlyExisting: true, default)).InTime();
        Assert.True(old.Is(AcmeProblem.AccountDoesNotExist), old.Message);

        var changed = client.Use(next, url);
        await changed.DeactivateAsync(default).InTime();
        await Assert.ThrowsAsync<AcmeException>(() => changed.OrderAsync(["shop.example"], null, default)).InTime();
    }

    [Fact]
    public async Task Certificates_are_revoked_by_their_account_or_by_their_own_key()
    {
        await using var pebble = await PebbleProcess.StartAsync(new() { CertificateLifetime = TimeSpan.FromHours(1) });
        using var client = Client(pebble);
        using var accountKey = AccountKey.Create();
        using var key = CertificateKey.Create(CertificateKeyType.Rsa2048);
        var account = client.Use(accountKey, await client.RegisterAsync(accountKey, onlyExisting: false, default).InTime());
        using var first = await IssueAsync(pebble, account, accountKey, key, ChallengeKind.Http01, "shop.example");
        Assert.InRange(first.Leaf.NotAfter - first.Leaf.NotBefore, TimeSpan.FromMinutes(59), TimeSpan.FromMinutes(61));
        using var second = await IssueAsync(pebble, account, accountKey, key, ChallengeKind.Http01, "www.shop.example");
        await account.RevokeAsync(first.Leaf, RevocationReason.Superseded, default).InTime();
        await client.RevokeAsync(second.Leaf, key, RevocationReason.KeyCompromise, default).InTime();
        Assert.Equal(("Revoked", 4), await pebble.StatusAsync(first.Leaf.SerialNumber));
        Assert.Equal(("Revoked", 1), await pebble.StatusAsync(second.Leaf.SerialNumber));
        Assert.Null(await client.RenewalAsync(first.Leaf, default).InTime()); // this Pebble knows nothing of RFC 9773
        var again = await Assert.ThrowsAsync<AcmeException>(() => account.RevokeAsync(first.Leaf, RevocationReason.Unspecified, default)).InTime();
        Assert.True(again.Is(AcmeProblem.AlreadyRevoked), again.Message);
    }

    private static AcmeClient Client(PebbleProcess pebble, Func<Issuer, Issuer>? change = null)
    {
        var issuer = new Issuer("pebble", pebble.Directory) { CaBundle = pebble.CaBundle, Email = "ops@shop.example" };
        return new(change?.Invoke(issuer) ?? issuer, TimeProvider.System);
    }

    private static async Task<IssuedCertificate> IssueAsync(PebbleProcess pebble, AcmeAccount account, AccountKey accountKey, CertificateKey key, ChallengeKind kind, string host)
    {
        var order = await account.OrderAsync([host], null, default).InTime();
        var authorization = await account.GetAuthorizationAsync(order.Authorizations[0], default).InTime();
        if (authorization.Status == AuthorizationStatus.Pending)
        {
            var challenge = authorization.Challenges.Single(one => one.Kind == kind);
            var keyAuthorization = accountKey.Authorize(challenge.Token);
            await (kind switch
            {
                ChallengeKind.Http01 => pebble.AnswerHttpAsync(challenge.Token, keyAuthorization),
                ChallengeKind.TlsAlpn01 => pebble.AnswerTlsAsync(authorization.Host, keyAuthorization),
                _ => pebble.SetTextAsync($"_acme-challenge.{authorization.Host}", Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(keyAuthorization)))),
            });
            await account.AnswerAsync(challenge, default).InTime();
        }

        var proven = await account.PollOrderAsync(order.Url, polled => polled.Status != OrderStatus.Pending, Patience, default).InTime();
        var finalised = await account.FinalizeAsync(proven, key, default).InTime();
        var decided = await account.PollOrderAsync(finalised.Url, polled => polled.Status is not (OrderStatus.Processing or OrderStatus.Ready), Patience, default).InTime();
        return await account.DownloadAsync(decided, key, default).InTime();
    }
}
