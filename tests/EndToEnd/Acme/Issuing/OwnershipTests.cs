using IngressController.Certificates.Acme;
using IngressController.Certificates.Acme.Issuing;
using IngressController.Cluster;
using IngressController.Cluster.Resources;
using IngressController.Testing;
using IngressController.Testing.Acme;
using IngressController.Testing.Tls;

namespace IngressController.EndToEnd.Acme.Issuing;

/// <summary>Secrets that somebody else makes, changes or takes away while we are at it.</summary>
public sealed class OwnershipTests
{
    [Fact]
    public async Task What_somebody_else_made_is_never_written_over()
    {
        using var authority = TestAuthority.Create();
        await using var world = await IssuingWorld.StartAsync();
        await world.Directory.WriteAsync(Foreign(authority.Server("shop.example.com")), null, default);
        world.Apply(IssuingWorld.Ingress("web", "shop.example.com", "www.example.com"));
        var leader = world.Lead();
        await Eventually.TrueAsync(() => leader.Issuing.Statuses is [{ Stage: AcmeStage.Refused }], "it is refused");
        await world.LookedAsync();
        Assert.Equal(0, world.OrdersOf("shop.example.com"));
    }

    [Fact]
    public async Task What_somebody_else_makes_while_it_is_ordered_is_not_written_over_either()
    {
        using var authority = TestAuthority.Create();
        await using var world = await IssuingWorld.StartAsync();
        var theirs = Foreign(authority.Server("shop.example.com"));
        world.Rules.Hold = async step =>
        {
            if (step == new AcmeStep(AcmeEndpoint.Certificate, IsDone: true) && await world.FindAsync("web") is null)
            {
                await world.Directory.WriteAsync(theirs, null, default);
            }
        };
        world.Apply(IssuingWorld.Ingress("web", "shop.example.com"));
        var leader = world.Lead();
        await Eventually.TrueAsync(() => leader.Issuing.Problems.Any(problem => problem.Code == ProblemCode.AcmeRefused), "it is refused");
        await Eventually.TrueAsync(async () => (await world.StateAsync()).Orders.IsEmpty, "the order is crossed out");
        Assert.Equal(theirs, await world.FindAsync("web"));
    }

    [Fact]
    public async Task Who_says_so_has_it_renewed_when_it_is_due()
    {
        using var authority = TestAuthority.Create();
        await using var world = await IssuingWorld.StartAsync();
        var theirs = Foreign(authority.Server("shop.example.com"));
        await world.Directory.WriteAsync(theirs, null, default);
        world.Apply(IssuingWorld.Ingress("web", "shop.example.com").Annotated(AcmeAnnotations.TakeOver, "true"));
        world.Lead();
        await world.LookedAsync();
        Assert.Equal(theirs, await world.FindAsync("web"));
        world.Clock.Shift = TimeSpan.FromDays(70);
        world.Stir();
        await world.IssuedAsync("web");
        var ours = (await world.FindAsync("web"))!;
        Assert.Equal("payments", ours.Metadata.Annotations.GetValueOrDefault("team"));
        Assert.False(ours.Data.GetValueOrDefault("ca.crt").IsEmpty);
    }

    [Fact]
    public async Task Somebody_who_writes_on_the_state_meanwhile_costs_nothing()
    {
        await using var world = await IssuingWorld.StartAsync();
        var writes = 0;
        world.Rules.Hold = async step =>
        {
            if (step is { IsDone: true, Endpoint: AcmeEndpoint.NewOrder or AcmeEndpoint.Authorization or AcmeEndpoint.Finalize })
            {
                await world.AnnotateAsync(IssuingWorld.State, "note", $"{Interlocked.Increment(ref writes) / 2}");
            }
        };
        world.Apply(IssuingWorld.Ingress("web", "shop.example.com"));
        world.Lead();
        await world.IssuedAsync("web");
        Assert.Single(world.Authority.Orders);
        Assert.Single(world.Authority.Certificates);
    }

    [Fact]
    public async Task What_nobody_wants_any_more_is_given_up()
    {
        await using var world = await IssuingWorld.StartAsync();
        var (isThere, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        world.Rules.Hold = async step =>
        {
            if (step == new AcmeStep(AcmeEndpoint.Finalize, IsDone: false) && isThere.TrySetResult())
            {
                await goOn.Task;
            }
        };
        var ingress = IssuingWorld.Ingress("web", "shop.example.com");
        world.Apply(ingress);
        world.Lead();
        await isThere.Task.InTime();
        world.Delete(ingress);
        await world.LookedAsync();
        goOn.SetResult();
        Assert.Null(await world.FindAsync("web"));
    }

    private static Secret Foreign(TestCertificate certificate) => new(
        new Metadata("shop", "web") with { Annotations = new Dictionary<string, string> { ["team"] = "payments" }.ToEquatableMap() },
        "kubernetes.io/tls",
        new Dictionary<string, EquatableArray<byte>> { ["tls.crt"] = Bytes(certificate.Pem), ["tls.key"] = Bytes(certificate.KeyPem), ["ca.crt"] = [1] }.ToEquatableMap());

    private static EquatableArray<byte> Bytes(string text) => [.. System.Text.Encoding.UTF8.GetBytes(text)];
}
