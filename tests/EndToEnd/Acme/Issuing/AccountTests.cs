using IngressController.Certificates.Acme;
using IngressController.Testing;
using IngressController.Testing.Acme;

namespace IngressController.EndToEnd.Acme.Issuing;

/// <summary>Our account at an authority.</summary>
public sealed class AccountTests
{
    [Fact]
    public async Task An_account_is_registered_once_for_all_leaders_and_told_of_a_new_address()
    {
        await using var world = await IssuedAsync();
        await world.LeadAgainAsync(issuer => issuer with { Email = "new@example.com" });
        await world.LookedAsync();
        var account = Assert.Single(world.Authority.Accounts);
        Assert.Equal(["mailto:new@example.com"], account.Contact);
        await world.LeadAgainAsync();
        await world.LookedAsync();
        Assert.Equal(1, world.Authority.Requests.Count(request => request == AcmeEndpoint.NewAccount));
        Assert.Equal(1, world.Authority.Requests.Count(request => request == AcmeEndpoint.Account));
    }

    [Fact]
    public async Task An_account_that_the_authority_has_forgotten_is_registered_again()
    {
        await using var world = await IssuedAsync();
        world.Authority.ForgetAccounts();
        await world.LookedAsync();
        Assert.Single(world.Authority.Accounts);
        Assert.Empty((await world.StateAsync()).Failures);
    }

    [Fact]
    public async Task Who_asks_on_the_state_gets_another_key_and_the_account_stays()
    {
        await using var world = await IssuedAsync();
        var before = Assert.Single(world.Authority.Accounts);
        await world.AnnotateAsync(IssuingWorld.State, AcmeAnnotations.RollOver, "main");
        await RolledOverAsync(world);
        var after = Assert.Single(world.Authority.Accounts);
        Assert.Equal(before.Url, after.Url);
        Assert.NotEqual(before.Thumbprint, after.Thumbprint);
        await world.LookedAsync();
        Assert.Equal(1, world.Authority.Requests.Count(request => request == AcmeEndpoint.KeyChange));
    }

    [Fact]
    public async Task Where_the_authority_refuses_another_key_the_old_one_stays_and_certificates_go_on()
    {
        await using var world = await IssuedAsync();
        var before = Assert.Single(world.Authority.Accounts);
        world.Authority.Order(AcmeEndpoint.KeyChange, AcmeFault.Refused(403, "unauthorized", "not here"));
        await world.AnnotateAsync(IssuingWorld.State, AcmeAnnotations.RollOver, "main");
        await RolledOverAsync(world);
        await world.LookedAsync();
        Assert.Equal(before.Thumbprint, Assert.Single(world.Authority.Accounts).Thumbprint);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Killed_while_the_key_is_changed_the_next_leader_finds_out_which_holds(bool isDone)
    {
        await using var world = await IssuedAsync();
        var (isThere, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        world.Rules.Hold = async now =>
        {
            if (now == new AcmeStep(AcmeEndpoint.KeyChange, isDone) && isThere.TrySetResult())
            {
                await goOn.Task;
            }
        };
        await world.AnnotateAsync(IssuingWorld.State, AcmeAnnotations.RollOver, "main");
        await isThere.Task.InTime();
        await world.EndAsync();
        goOn.SetResult();
        world.Lead();
        await RolledOverAsync(world);
        await world.LookedAsync();
        Assert.Single(world.Authority.Accounts);
    }

    [Fact]
    public async Task Without_the_external_account_that_it_wants_the_authoritys_words_are_shown()
    {
        await using var world = await IssuingWorld.StartAsync(rules: rules => rules.ExternalAccounts["kid-1"] = [.. Enumerable.Repeat((byte)7, 32)]);
        world.Apply(IssuingWorld.Ingress("web", "shop.example.com"));
        var leader = world.Lead();
        await Eventually.TrueAsync(() => leader.Issuing.Problems is [var problem] && problem.Message.Contains("externalAccountRequired", StringComparison.Ordinal), "the Ingress has a problem");
        await world.LeadAgainAsync(issuer => issuer with { ExternalAccount = new("kid-1", [.. Enumerable.Repeat((byte)7, 32)]) });
        world.Clock.Shift = TimeSpan.FromMinutes(10);
        world.Stir();
        await world.IssuedAsync("web");
    }

    private static Task RolledOverAsync(IssuingWorld world) => Eventually.TrueAsync(
        async () => await world.Directory.FindAsync(IssuingWorld.State, default) is { } stored
            && stored.Secret.Metadata.Annotations.GetValueOrDefault(AcmeAnnotations.RollOver) is null && AcmeState.Read(stored.Secret, out _).Accounts is [{ NextKey: null }],
        "the account has another key");

    private static async Task<IssuingWorld> IssuedAsync()
    {
        var world = await IssuingWorld.StartAsync();
        world.Apply(IssuingWorld.Ingress("web", "shop.example.com"));
        world.Lead();
        await world.IssuedAsync("web");
        return world;
    }
}
