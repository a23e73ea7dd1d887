using System.Security.Cryptography.X509Certificates;
using IngressController.Certificates.Acme;
using IngressController.Certificates.Acme.Protocol;
using IngressController.Testing;
using IngressController.Testing.Acme;

namespace IngressController.EndToEnd.Acme;

/// <summary>Accounts and what they do besides ordering, at an authority that keeps RFC 8555 to the letter.</summary>
public sealed class AccountTests
{
    private static readonly byte[] Mac = [.. Enumerable.Range(1, 32).Select(number => (byte)number)];

    [Fact]
    public async Task An_account_is_made_once_and_found_again()
    {
        await using var world = await AcmeWorld.StartAsync();
        var none = await Assert.ThrowsAsync<AcmeException>(() => world.Client.RegisterAsync(world.Key, onlyExisting: true, default)).InTime();
        Assert.True(none.Is(AcmeProblem.AccountDoesNotExist) && !none.IsUnavailable);
        var made = await world.Client.RegisterAsync(world.Key, onlyExisting: false, default).InTime();
        Assert.Equal(made, await world.Client.RegisterAsync(world.Key, onlyExisting: false, default).InTime());
        Assert.Equal(made, await world.Client.RegisterAsync(world.Key, onlyExisting: true, default).InTime());
        var account = Assert.Single(world.Authority.Accounts);
        Assert.Equal((made.OriginalString, "mailto:ops@shop.example", world.Key.Thumbprint), (account.Url, Assert.Single(account.Contact), account.Thumbprint));
    }

    [Fact]
    public async Task An_account_outlives_the_process_by_its_key()
    {
        await using var world = await AcmeWorld.StartAsync();
        var made = await world.Client.RegisterAsync(world.Key, onlyExisting: false, default).InTime();
        using var sameKey = AccountKey.Read(world.Key.Pem);
        using var next = new AcmeClient(world.Client.Issuer, TimeProvider.System);
        Assert.Equal(made, await next.RegisterAsync(sameKey, onlyExisting: true, default).InTime());
        Assert.Empty(await next.Use(sameKey, made).ListOrdersAsync(default).InTime() ?? throw new InvalidOperationException());
    }

    [Theory]
    [InlineData("right", null)]
    [InlineData("none", "externalAccountRequired")]
    [InlineData("unknown", "unauthorized")]
    [InlineData("wrong", "unauthorized")]
    public async Task An_external_account_is_shown_where_there_is_one(string kind, string? refusal)
    {
        var rules = new AcmeRules { ExternalAccounts = { ["right"] = Mac, ["wrong"] = [1, 2, 3] } };
        var external = kind == "none" ? null : new ExternalAccount(kind, [.. Mac]);
        await using var world = await AcmeWorld.StartAsync(rules, issuer => issuer with { ExternalAccount = external });
        if (refusal is null)
        {
            await world.RegisterAsync();
            Assert.Single(world.Authority.Accounts);
            return;
        }

        var failure = await Assert.ThrowsAsync<AcmeException>(world.RegisterAsync);
        Assert.True(failure.Is(refusal), failure.Message);
        Assert.Empty(world.Authority.Accounts);
    }

    [Fact]
    public async Task After_a_change_of_the_key_only_the_new_one_is_taken()
    {
        await using var world = await AcmeWorld.StartAsync(new() { SkipsValidation = true, NonceRejection = 0.5 });
        var account = await world.RegisterAsync();
        using var next = AccountKey.Create();
        await account.ChangeKeyAsync(next, default).InTime();
        Assert.Equal(account.Url, await world.Client.RegisterAsync(next, onlyExisting: true, default).InTime());
        var old = await Assert.ThrowsAsync<AcmeException>(() => world.Client.RegisterAsync(world.Key, onlyExisting: true, default)).InTime();
        Assert.True(old.Is(AcmeProblem.AccountDoesNotExist));
        using var key = CertificateKey.Create(CertificateKeyType.EcdsaP256);
        using var issued = await AcmeWorld.IssueAsync(world.Client.Use(next, account.Url), key, "shop.example");
        await Assert.ThrowsAsync<AcmeException>(() => account.OrderAsync(["shop.example"], null, default)).InTime();
    }

    [Fact]
    public async Task A_key_of_another_account_is_refused()
    {
        await using var world = await AcmeWorld.StartAsync();
        var account = await world.RegisterAsync();
        using var taken = AccountKey.Create();
        await world.Client.RegisterAsync(taken, onlyExisting: false, default).InTime();
        var failure = await Assert.ThrowsAsync<AcmeException>(() => account.ChangeKeyAsync(taken, default)).InTime();
        Assert.Contains("already in use", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_changed_address_reaches_the_authority()
    {
        await using var world = await AcmeWorld.StartAsync();
        var account = await world.RegisterAsync();
        using var moved = new AcmeClient(world.Client.Issuer with { Email = "new@shop.example" }, TimeProvider.System);
        await moved.Use(world.Key, account.Url).UpdateContactAsync(default).InTime();
        Assert.Equal(["mailto:new@shop.example"], Assert.Single(world.Authority.Accounts).Contact);
        using var silent = new AcmeClient(world.Client.Issuer with { Email = null }, TimeProvider.System);
        await silent.Use(world.Key, account.Url).UpdateContactAsync(default).InTime();
        Assert.Empty(Assert.Single(world.Authority.Accounts).Contact);
    }

    [Fact]
    public async Task A_deactivated_account_is_good_for_nothing()
    {
        await using var world = await AcmeWorld.StartAsync();
        var account = await world.RegisterAsync();
        await account.DeactivateAsync(default).InTime();
        Assert.Equal("deactivated", Assert.Single(world.Authority.Accounts).Status);
        var order = await Assert.ThrowsAsync<AcmeException>(() => account.OrderAsync(["shop.example"], null, default)).InTime();
        Assert.True(order.Is(AcmeProblem.Unauthorized));
        var again = await Assert.ThrowsAsync<AcmeException>(world.RegisterAsync);
        Assert.True(again.Is(AcmeProblem.Unauthorized));
    }

    [Fact]
    public async Task All_pages_of_the_list_of_orders_are_read()
    {
        await using var world = await AcmeWorld.StartAsync();
        var account = await world.RegisterAsync();
        var made = new List<Uri>();
        for (var number = 0; number < 8; number++) // pages have three
        {
            made.Add((await account.OrderAsync([$"shop-{number}.example"], null, default).InTime()).Url);
        }

        Assert.Equal(made, await account.ListOrdersAsync(default).InTime());
        world.Rules.ListsOrders = false;
        Assert.Null(await account.ListOrdersAsync(default).InTime());
    }

    [Fact]
    public async Task A_certificate_is_revoked_by_its_account_or_by_its_own_key()
    {
        await using var world = await AcmeWorld.StartAsync();
        var account = await world.RegisterAsync();
        using var key = CertificateKey.Create(CertificateKeyType.EcdsaP384);
        using var first = await AcmeWorld.IssueAsync(account, key, "shop.example");
        using var second = await AcmeWorld.IssueAsync(account, key, "www.shop.example");
        await account.RevokeAsync(first.Leaf, RevocationReason.Superseded, default).InTime();
        await world.Client.RevokeAsync(second.Leaf, key, RevocationReason.KeyCompromise, default).InTime();
        Assert.Equal([4, 1], world.Authority.Certificates.Select(certificate => certificate.Revoked!.Value));
        var again = await Assert.ThrowsAsync<AcmeException>(() => account.RevokeAsync(first.Leaf, RevocationReason.Unspecified, default)).InTime();
        Assert.True(again.Is(AcmeProblem.AlreadyRevoked));

        using var strangerKey = CertificateKey.Create(CertificateKeyType.Rsa2048);
        var stranger = await Assert.ThrowsAsync<AcmeException>(() => world.Client.RevokeAsync(second.Leaf, strangerKey, RevocationReason.KeyCompromise, default)).InTime();
        Assert.True(stranger.Is(AcmeProblem.Unauthorized), stranger.Message);
    }
}
