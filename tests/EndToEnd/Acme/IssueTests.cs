using System.Security.Cryptography.X509Certificates;
using IngressController.Certificates.Acme;
using IngressController.Certificates.Acme.Protocol;
using IngressController.Testing;
using IngressController.Testing.Acme;

namespace IngressController.EndToEnd.Acme;

/// <summary>From nothing to a certificate, at an authority that keeps RFC 8555 to the letter.</summary>
public sealed class IssueTests
{
    [Theory]
    [InlineData("EcdsaP256")]
    [InlineData("EcdsaP384")]
    [InlineData("Rsa2048")]
    [InlineData("Rsa4096")]
    public async Task A_certificate_is_issued_for_each_kind_of_key(string type)
    {
        await using var world = await AcmeWorld.StartAsync();
        using var key = CertificateKey.Create(Enum.Parse<CertificateKeyType>(type));
        using var issued = await AcmeWorld.IssueAsync(await world.RegisterAsync(), key, "shop.example", "www.shop.example");
        Assert.True(key.Fits(issued.Leaf));
        Assert.True(Leads(issued, world.Authority.RootPems[0]));
        Assert.Equal(["shop.example", "www.shop.example"], issued.Leaf.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single().EnumerateDnsNames());
        Assert.Equal(issued.Leaf.SerialNumber, Assert.Single(world.Authority.Certificates).Serial);
    }

    [Theory]
    [InlineData(null, 0)]
    [InlineData("Fake Root X1", 0)]
    [InlineData("Fake Root X2", 1)]
    [InlineData("Fake Intermediate Y1", 0)]
    [InlineData("Nobody", 0)]
    public async Task The_preferred_chain_is_taken_where_there_is_one(string? preferred, int root)
    {
        await using var world = await AcmeWorld.StartAsync(change: issuer => issuer with { PreferredChain = preferred });
        using var key = CertificateKey.Create(CertificateKeyType.EcdsaP256);
        using var issued = await AcmeWorld.IssueAsync(await world.RegisterAsync(), key, "shop.example");
        Assert.True(Leads(issued, world.Authority.RootPems[root]));
        Assert.False(Leads(issued, world.Authority.RootPems[1 - root]));
    }

    [Fact]
    public async Task Refused_nonces_are_replaced()
    {
        await using var world = await AcmeWorld.StartAsync(new() { SkipsValidation = true, NonceRejection = 0.75 });
        var account = await world.RegisterAsync();
        world.Authority.ForgetNonces();
        using var key = CertificateKey.Create(CertificateKeyType.EcdsaP256);
        using var issued = await AcmeWorld.IssueAsync(account, key, "shop.example");
        Assert.Single(world.Authority.Orders);
        Assert.Single(world.Authority.Certificates);
    }

    [Fact]
    public async Task Nonces_that_are_never_taken_end_in_the_words_of_the_authority()
    {
        await using var world = await AcmeWorld.StartAsync(new() { NonceRejection = 0.9999 });
        using var other = AccountKey.Create();
        await world.RegisterAsync(); // the first one is not refused yet
        var failure = await Assert.ThrowsAsync<AcmeException>(() => world.Client.RegisterAsync(other, onlyExisting: false, default)).InTime();
        Assert.True(failure.Is(AcmeProblem.BadNonce));
        Assert.Single(world.Authority.Accounts);
        Assert.Equal(1 + 6, world.Authority.Requests.Count(request => request == AcmeEndpoint.NewAccount));
    }

    [Fact]
    public async Task An_order_that_is_processed_is_asked_for_until_it_is_valid()
    {
        await using var world = await AcmeWorld.StartAsync(new() { SkipsValidation = true, ProcessingQuestions = 2, ProcessingRetryAfter = TimeSpan.FromSeconds(1) });
        var account = await world.RegisterAsync();
        using var key = CertificateKey.Create(CertificateKeyType.EcdsaP256);
        var processed = await account.FinalizeAsync(await AcmeWorld.ReadyAsync(account, "shop.example"), key, default).InTime();
        Assert.Equal(OrderStatus.Processing, processed.Status);
        Assert.Null(processed.Certificate);
        var valid = await account.PollOrderAsync(processed.Url, order => order.Status == OrderStatus.Valid, TimeSpan.FromSeconds(60), default).InTime();
        using var issued = await account.DownloadAsync(valid, key, default).InTime();
        Assert.Single(world.Authority.Certificates);
    }

    [Fact]
    public async Task Many_orders_at_a_time_do_not_take_each_others_nonces()
    {
        await using var world = await AcmeWorld.StartAsync(new() { SkipsValidation = true, NonceRejection = 0.2 });
        var account = await world.RegisterAsync();
        var hosts = Enumerable.Range(0, 12).Select(number => $"shop-{number}.example").ToList();
        await Task.WhenAll(hosts.Select(async host =>
        {
            using var key = CertificateKey.Create(CertificateKeyType.EcdsaP256);
            using var issued = await AcmeWorld.IssueAsync(account, key, host);
        }));
        Assert.Equal(hosts.Order(), world.Authority.Certificates.Select(certificate => Assert.Single(certificate.Hosts)).Order());
    }

    [Fact]
    public async Task A_profile_is_ordered_by_its_name_and_an_unknown_one_is_not_ordered()
    {
        await using var world = await AcmeWorld.StartAsync(change: issuer => issuer with { Profile = "shortlived" });
        using var key = CertificateKey.Create(CertificateKeyType.EcdsaP256);
        using var issued = await AcmeWorld.IssueAsync(await world.RegisterAsync(), key, "shop.example");
        Assert.InRange(issued.Leaf.NotAfter - issued.Leaf.NotBefore, TimeSpan.FromHours(159), TimeSpan.FromHours(161));

        using var stranger = new AcmeClient(world.Client.Issuer with { Profile = "eternal" }, TimeProvider.System);
        var account = stranger.Use(world.Key, await stranger.RegisterAsync(world.Key, onlyExisting: true, default).InTime());
        var failure = await Assert.ThrowsAsync<AcmeException>(() => account.OrderAsync(["shop.example"], null, default)).InTime();
        Assert.EndsWith("does not offer the profile eternal; it offers classic, shortlived", failure.Message, StringComparison.Ordinal);
        Assert.Single(world.Authority.Orders);
    }

    private static bool Leads(IssuedCertificate issued, string root)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.CustomTrustStore.ImportFromPem(root);
        chain.ChainPolicy.ExtraStore.ImportFromPem(issued.Pem);
        return chain.Build(issued.Leaf);
    }
}
