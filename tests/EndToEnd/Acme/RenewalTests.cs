using IngressController.Certificates.Acme;
using IngressController.Certificates.Acme.Protocol;
using IngressController.Testing;
using IngressController.Testing.Acme;

namespace IngressController.EndToEnd.Acme;

/// <summary>RFC 9773.</summary>
public sealed class RenewalTests
{
    [Fact]
    public async Task The_window_is_what_the_authority_says()
    {
        var start = new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);
        await using var world = await AcmeWorld.StartAsync(new() { SkipsValidation = true, RenewalWindow = (start, start.AddDays(1)), RenewalRetryAfter = TimeSpan.FromHours(3) });
        using var issued = await IssueAsync(world);
        var window = await world.Client.RenewalAsync(issued.Leaf, default).InTime();
        Assert.Equal(new RenewalWindow(start, start.AddDays(1), new("https://acme.example/docs/ari"), TimeSpan.FromHours(3)), window);
    }

    [Theory]
    [InlineData(0, 60)]
    [InlineData(30 * 86400, 86400)]
    public async Task The_next_question_is_neither_too_soon_nor_too_late(int asked, int taken)
    {
        await using var world = await AcmeWorld.StartAsync(new() { SkipsValidation = true, RenewalRetryAfter = TimeSpan.FromSeconds(asked) });
        using var issued = await IssueAsync(world);
        Assert.Equal(TimeSpan.FromSeconds(taken), (await world.Client.RenewalAsync(issued.Leaf, default).InTime())?.AskAgain);
    }

    [Fact]
    public async Task An_authority_without_renewal_information_says_nothing_and_is_not_told_what_is_replaced()
    {
        await using var world = await AcmeWorld.StartAsync(new() { SkipsValidation = true, OffersRenewalInfo = false });
        using var issued = await IssueAsync(world);
        Assert.Null(await world.Client.RenewalAsync(issued.Leaf, default).InTime());
        await (await world.RegisterAsync()).OrderAsync(["shop.example"], CertificateId.Of(issued.Leaf), default).InTime();
        Assert.DoesNotContain(AcmeEndpoint.RenewalInfo, world.Authority.Requests);
        Assert.All(world.Authority.Orders, order => Assert.Null(order.Replaces));
    }

    [Fact]
    public async Task An_order_names_the_certificate_that_it_replaces_and_no_second_one_may()
    {
        await using var world = await AcmeWorld.StartAsync();
        using var issued = await IssueAsync(world);
        var account = await world.RegisterAsync();
        var id = CertificateId.Of(issued.Leaf);
        await account.OrderAsync(["shop.example"], id, default).InTime();
        Assert.Equal(id, world.Authority.Orders[1].Replaces);
        var failure = await Assert.ThrowsAsync<AcmeException>(() => account.OrderAsync(["shop.example"], id, default)).InTime();
        Assert.True(failure.Is(AcmeProblem.AlreadyReplaced));
    }

    [Fact]
    public async Task A_window_that_cannot_be_is_a_failure()
    {
        await using var world = await AcmeWorld.StartAsync();
        using var issued = await IssueAsync(world);
        var now = TimeProvider.System.GetUtcNow();
        world.Rules.RenewalWindow = (now, now.AddDays(-1));
        var failure = await Assert.ThrowsAsync<AcmeException>(() => world.Client.RenewalAsync(issued.Leaf, default)).InTime();
        Assert.EndsWith("suggestedWindow ends before it begins", failure.Message, StringComparison.Ordinal);
    }

    private static async Task<IssuedCertificate> IssueAsync(AcmeWorld world)
    {
        using var key = CertificateKey.Create(CertificateKeyType.EcdsaP256);
        return await AcmeWorld.IssueAsync(await world.RegisterAsync(), key, "shop.example");
    }
}
