using IngressController.Certificates.Acme;
using IngressController.Cluster;
using IngressController.Testing;
using IngressController.Testing.Acme;

namespace IngressController.EndToEnd.Acme.Issuing;

/// <summary>Certificates that are there, and are to be replaced.</summary>
public sealed class RenewalTests
{
    [Fact]
    public async Task After_two_thirds_of_its_life_a_certificate_is_renewed_as_the_successor_of_the_old_one()
    {
        await using var world = await IssuingWorld.StartAsync(rules: rules => rules.OffersRenewalInfo = false);
        world.Apply(IssuingWorld.Ingress("web", "shop.example.com"));
        var leader = world.Lead();
        await world.IssuedAsync("web");
        var serial = await world.SerialAsync("web");
        world.Clock.Shift = TimeSpan.FromDays(59);
        await world.LookedAsync();
        Assert.Equal(1, world.OrdersOf("shop.example.com"));
        world.Clock.Shift = TimeSpan.FromDays(65);
        world.Stir();
        await world.RenewedAsync("web", serial);
        Assert.Equal(2, world.OrdersOf("shop.example.com"));
        await leader.Readings.IsAsync("ingress.acme.orders main renewed", 1);
    }

    [Fact]
    public async Task Certificates_of_an_hour_are_renewed_too()
    {
        await using var world = await IssuedAsync(rules => (rules.OffersRenewalInfo, rules.CertificateLifetime) = (false, TimeSpan.FromHours(1)));
        var serial = await world.SerialAsync("web");
        world.Clock.Shift = TimeSpan.FromMinutes(44);
        world.Stir();
        await world.RenewedAsync("web", serial);
    }

    [Fact]
    public async Task The_authority_says_when_it_wants_renewals_and_learns_what_is_replaced()
    {
        await using var world = await IssuedAsync(rules => rules.RenewalRetryAfter = TimeSpan.FromMinutes(1));
        var (serial, now) = (await world.SerialAsync("web"), world.Clock.GetUtcNow());
        await Eventually.TrueAsync(() => world.Authority.Requests.Contains(AcmeEndpoint.RenewalInfo), "the authority was asked");
        world.Rules.RenewalWindow = (now.AddDays(3), now.AddDays(4));
        world.Clock.Shift = TimeSpan.FromDays(5);
        world.Stir();
        await Eventually.TrueAsync(() => world.Authority.Certificates.Count > 1, "it was renewed");
        world.Rules.RenewalWindow = null;
        await world.RenewedAsync("web", serial);
        Assert.NotNull(world.Authority.Orders[1].Replaces);
    }

    [Fact]
    public async Task Who_always_wants_renewals_at_once_is_not_followed_for_ever()
    {
        await using var world = await IssuedAsync(rules => (rules.RenewalWindow, rules.RenewalRetryAfter) = ((rules.Time.GetUtcNow().AddDays(-2), rules.Time.GetUtcNow().AddDays(-1)), TimeSpan.FromMinutes(1)));
        var answers = 0;
        await Eventually.TrueAsync(
            () =>
            {
                if (world.Authority.Requests.Count(request => request == AcmeEndpoint.RenewalInfo) is var now && now > answers)
                {
                    answers = now;
                    world.Stir(); // without news, what authorities say is looked at every few seconds
                }

                return world.OrdersOf("shop.example.com") == 10;
            },
            "it was followed ten times");
        await world.LookedAsync();
        Assert.Equal(10, world.OrdersOf("shop.example.com"));
    }

    [Fact]
    public async Task A_clock_that_jumps_back_orders_nothing_and_one_that_comes_back_renews()
    {
        await using var world = await IssuedAsync();
        var serial = await world.SerialAsync("web");
        world.Clock.Shift = TimeSpan.FromDays(-400);
        await world.LookedAsync();
        Assert.Equal(1, world.OrdersOf("shop.example.com"));
        world.Clock.Shift = TimeSpan.FromDays(400);
        world.Stir();
        await world.RenewedAsync("web", serial);
    }

    [Fact]
    public async Task Who_asks_on_the_secret_gets_the_certificate_revoked_and_another()
    {
        await using var world = await IssuedAsync();
        var serial = await world.SerialAsync("web");
        await world.AnnotateAsync(IssuingWorld.Secret("web"), AcmeAnnotations.Revoke, "keyCompromise");
        await world.RenewedAsync("web", serial);
        Assert.Equal([1, null], world.Authority.Certificates.Select(certificate => certificate.Revoked));
        Assert.Equal(default, (await world.FindAsync("web"))!.Metadata.Annotations.GetValueOrDefault(AcmeAnnotations.Revoke));
    }

    [Fact]
    public async Task Other_hosts_another_kind_of_key_and_another_directory_take_another_certificate()
    {
        await using var world = await IssuedAsync();
        var serial = await world.SerialAsync("web");
        world.Apply(IssuingWorld.Ingress("web", "shop.example.com", "www.example.com"));
        await world.RenewedAsync("web", serial);
        serial = await world.SerialAsync("web");
        world.Apply(IssuingWorld.Ingress("web", "shop.example.com"));
        await world.LookedAsync();
        Assert.Equal(serial, await world.SerialAsync("web"));
        await world.LeadAgainAsync(issuer => issuer with { KeyType = CertificateKeyType.EcdsaP384 });
        await world.RenewedAsync("web", serial);
        serial = await world.SerialAsync("web");
        await using var production = await FakeAcme.StartAsync(new() { SkipsValidation = true });
        await world.LeadAgainAsync(issuer => issuer with { Directory = production.Directory, CaBundle = production.CaBundle });
        await world.RenewedAsync("web", serial);
        var serialNow = await world.SerialAsync("web");
        Assert.Contains(production.Certificates, certificate => certificate.Serial == serialNow);
    }

    [Fact]
    public async Task A_secret_that_is_deleted_or_broken_is_made_again()
    {
        await using var world = await IssuedAsync();
        var serial = await world.SerialAsync("web");
        world.Remove("web");
        await world.RenewedAsync("web", serial);
        serial = await world.SerialAsync("web");
        var stored = (await world.Directory.FindAsync(IssuingWorld.Secret("web"), default))!;
        var broken = stored.Secret with { Data = stored.Secret.Data.Append(new("tls.key", [.. "a cat has walked here"u8])).ToEquatableMap() };
        Assert.NotNull(await world.Directory.WriteAsync(broken, stored.Version, default));
        await world.RenewedAsync("web", serial);
    }

    private static async Task<IssuingWorld> IssuedAsync(Action<AcmeRules>? rules = null)
    {
        var world = await IssuingWorld.StartAsync(rules: rules);
        world.Apply(IssuingWorld.Ingress("web", "shop.example.com"));
        world.Lead();
        await world.IssuedAsync("web");
        return world;
    }
}
