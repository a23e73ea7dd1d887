using IngressController.Certificates.Acme;
using IngressController.Certificates.Acme.Protocol;
using IngressController.Testing;
using IngressController.Testing.Acme;

namespace IngressController.EndToEnd.Acme;

/// <summary>What an authority refuses is told in its own words.</summary>
public sealed class RefusalTests
{
    [Fact]
    public async Task What_the_authority_asks_for_when_there_is_too_much_is_kept()
    {
        await using var world = await AcmeWorld.StartAsync(new() { OrdersLeft = 0, RateLimitRetryAfter = TimeSpan.FromMinutes(7) });
        var account = await world.RegisterAsync();
        var limited = await Assert.ThrowsAsync<AcmeException>(() => account.OrderAsync(["shop.example"], null, default)).InTime();
        Assert.Equal((true, false, TimeSpan.FromMinutes(7)), (limited.Is(AcmeProblem.RateLimited), limited.IsUnavailable, limited.RetryAfter));
        Assert.EndsWith("refuses the new order: too many new orders (5) from this account in the last 3h0m0s (rateLimited); it asks to wait for 420 s", limited.Message, StringComparison.Ordinal);

        world.Authority.Order(AcmeEndpoint.NewOrder, AcmeFault.Overloaded(5));
        var overloaded = await Assert.ThrowsAsync<AcmeException>(() => account.OrderAsync(["shop.example"], null, default)).InTime();
        Assert.Equal((true, TimeSpan.FromSeconds(5)), (overloaded.IsUnavailable, overloaded.RetryAfter));
    }

    [Fact]
    public async Task A_date_to_come_back_at_is_a_time_to_wait()
    {
        var clock = new ManualClock();
        await using var world = await AcmeWorld.StartAsync(clientTime: clock);
        var account = await world.RegisterAsync();
        foreach (var (date, wait) in new[] { (clock.GetUtcNow().AddSeconds(90), TimeSpan.FromSeconds(90)), (clock.GetUtcNow().AddDays(-1), TimeSpan.Zero) })
        {
            world.Authority.Order(AcmeEndpoint.NewOrder, AcmeFault.Instead(AcmeReply.Problem(429, "rateLimited", "enough").With("Retry-After", date.ToString("r"))));
            var limited = await Assert.ThrowsAsync<AcmeException>(() => account.OrderAsync(["shop.example"], null, default)).InTime();
            Assert.Equal(wait, limited.RetryAfter);
        }
    }

    [Fact]
    public async Task A_refusal_names_each_host_that_is_refused()
    {
        await using var world = await AcmeWorld.StartAsync(new() { RefusedHosts = { "a.example", "b.example" } });
        var account = await world.RegisterAsync();
        var failure = await Assert.ThrowsAsync<AcmeException>(() => account.OrderAsync(["a.example", "b.example", "c.example"], null, default)).InTime();
        Assert.Equal(["a.example", "b.example"], failure.Problem!.Subproblems.Select(problem => problem.Host!));
        Assert.Contains("; b.example: The ACME server refuses", failure.Message, StringComparison.Ordinal);
        Assert.Empty(world.Authority.Orders);
    }

    [Fact]
    public async Task An_order_that_becomes_invalid_says_why()
    {
        await using var world = await AcmeWorld.StartAsync(new() { SkipsValidation = true, ProcessingQuestions = 1, IssuanceRefusal = "CAA record for shop.example prevents issuance" });
        var account = await world.RegisterAsync();
        using var key = CertificateKey.Create(CertificateKeyType.EcdsaP256);
        var processed = await account.FinalizeAsync(await AcmeWorld.ReadyAsync(account, "shop.example"), key, default).InTime();
        var decided = await account.PollOrderAsync(processed.Url, order => order.Status != OrderStatus.Processing, TimeSpan.FromSeconds(60), default).InTime();
        Assert.Equal((OrderStatus.Invalid, "caa"), (decided.Status, decided.Error?.Type));
        Assert.Equal("CAA record for shop.example prevents issuance (caa)", decided.Error?.Sentence);
    }

    [Fact]
    public async Task What_ended_between_two_steps_is_told_by_the_authority()
    {
        await using var world = await AcmeWorld.StartAsync();
        var account = await world.RegisterAsync();
        var pending = await account.OrderAsync(["shop.example"], null, default).InTime();
        using var key = CertificateKey.Create(CertificateKeyType.EcdsaP256);
        var early = await Assert.ThrowsAsync<AcmeException>(() => account.FinalizeAsync(pending, key, default)).InTime();
        Assert.True(early.Is("orderNotReady"));
        world.Authority.ForgetAccounts();
        var gone = await Assert.ThrowsAsync<AcmeException>(() => account.GetOrderAsync(pending.Url, default)).InTime();
        Assert.True(gone.Is(AcmeProblem.AccountDoesNotExist));
    }
}
