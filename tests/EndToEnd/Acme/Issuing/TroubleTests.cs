using IngressController.Certificates.Acme;
using IngressController.Certificates.Acme.Issuing;
using IngressController.Cluster;
using IngressController.Testing;
using IngressController.Testing.Acme;

namespace IngressController.EndToEnd.Acme.Issuing;

/// <summary>Authorities that are down, refuse or limit, and hosts that cannot be proven.</summary>
public sealed class TroubleTests
{
    [Fact]
    public async Task An_authority_that_is_down_is_no_failure_of_a_host()
    {
        await using var world = await IssuingWorld.StartAsync();
        world.Apply(IssuingWorld.Ingress("web", "shop.example.com"));
        await world.Authority.StopListeningAsync();
        var leader = world.Lead();
        await Eventually.TrueAsync(() => leader.Issuing.Problems is [{ Code: ProblemCode.AcmeUnavailable }], "everybody is told");
        await Eventually.TrueAsync(() => leader.Issuing.Statuses is [{ Stage: AcmeStage.Waiting, Cause.Length: > 0 }], "the status says why");
        await world.Authority.StartListeningAsync();
        world.Clock.Shift = TimeSpan.FromMinutes(10);
        world.Stir();
        await world.IssuedAsync("web");
        var state = await world.StateAsync();
        Assert.Empty(state.Failures);
        await Eventually.TrueAsync(() => leader.Issuing.Problems.IsEmpty, "the problem has gone");
    }

    [Fact]
    public async Task A_host_that_is_refused_says_so_in_the_authoritys_words_and_keeps_no_other_waiting()
    {
        await using var world = await IssuingWorld.StartAsync(rules: rules => rules.RefusedHosts.Add("bad.example.com"));
        string[] good = [.. Enumerable.Range(0, 12).Select(number => $"web{number}")];
        world.Apply([IssuingWorld.Ingress("bad", "bad.example.com", "good.example.com"), .. good.Select(name => IssuingWorld.Ingress(name, $"{name}.example.com"))]);
        var leader = world.Lead();
        await world.IssuedAsync(good);
        await Eventually.TrueAsync(() => leader.Issuing.Problems is [{ Code: ProblemCode.AcmeFailed, Severity: Severity.Error }], "the Ingress has a problem");
        var problem = leader.Issuing.Problems[0];
        Assert.Equal("Ingress shop/of-bad", problem.Object.ToString());
        Assert.Contains("rejectedIdentifier", problem.Message, StringComparison.Ordinal);
        Assert.Equal("bad.example.com", Assert.Single((await world.StateAsync()).Failures).Host); // and not the other host of that certificate
        await leader.Readings.IsAsync("ingress.acme.orders main failed", 1);
        world.Rules.RefusedHosts.Clear();
        world.Clock.Shift = TimeSpan.FromMinutes(20);
        world.Stir();
        await world.IssuedAsync("bad");
        await Eventually.TrueAsync(() => leader.Issuing.Problems.IsEmpty, "the problem has gone");
    }

    [Fact]
    public async Task A_host_that_cannot_be_proven_is_tried_by_the_next_kind_of_challenge_after_a_while()
    {
        await using var world = await IssuingWorld.StartAsync(rules: rules => rules.SkipsValidation = false);
        var kinds = new List<ChallengeKind>();
        world.Rules.Hold = async step =>
        {
            if (step == new AcmeStep(AcmeEndpoint.Challenge, IsDone: false))
            {
                kinds.AddRange((await world.StateAsync()).Orders.Where(order => order.Secret == IssuingWorld.Secret("web")).Select(order => order.Challenge));
            }
        };
        world.Apply(IssuingWorld.Ingress("web", "shop.example.com"));
        var leader = world.Lead();
        await Eventually.TrueAsync(() => leader.Issuing.Statuses is [{ Stage: AcmeStage.Failed, NextTry: not null }], "the first order failed");
        Assert.Empty((await world.StateAsync()).Orders);
        world.Rules.SkipsValidation = true;
        await world.LookedAsync();
        world.Rules.SkipsValidation = false;
        Assert.Equal(1, world.OrdersOf("shop.example.com"));
        world.Clock.Shift = TimeSpan.FromMinutes(20);
        world.Stir();
        await Eventually.TrueAsync(async () => (await world.StateAsync()).Failures is [{ Count: 2 }], "the second order failed");
        Assert.Equal([ChallengeKind.Http01, ChallengeKind.TlsAlpn01], kinds);
    }

    [Fact]
    public async Task An_authority_that_limits_us_gets_no_orders_until_it_takes_some_again()
    {
        await using var world = await IssuingWorld.StartAsync(rules: rules => (rules.OrdersLeft, rules.RateLimitRetryAfter) = (0, TimeSpan.FromMinutes(30)));
        world.Apply(IssuingWorld.Ingress("web", "shop.example.com"));
        var leader = world.Lead();
        await Eventually.TrueAsync(() => leader.Issuing.Problems is [{ Code: ProblemCode.AcmeFailed }], "the Ingress has a problem");
        world.Apply(IssuingWorld.Ingress("api", "api.example.com"));
        await Eventually.TrueAsync(() => leader.Issuing.Problems is [{ Code: ProblemCode.AcmeUnavailable }, { Code: ProblemCode.AcmeFailed }], "the other waits");
        world.Rules.OrdersLeft = 10;
        await world.LeadAgainAsync(); // who knows of it
        world.Clock.Shift = TimeSpan.FromHours(1);
        world.Stir();
        await world.IssuedAsync("web", "api");
        Assert.Equal(1 + 2, world.Authority.Requests.Count(request => request == AcmeEndpoint.NewOrder));
    }

    [Fact]
    public async Task An_order_that_becomes_invalid_is_a_failure_in_the_authoritys_words()
    {
        await using var world = await IssuingWorld.StartAsync(rules: rules => (rules.ProcessingQuestions, rules.IssuanceRefusal) = (1, "the log is full"));
        world.Apply(IssuingWorld.Ingress("web", "shop.example.com"));
        var leader = world.Lead();
        await Eventually.TrueAsync(() => leader.Issuing.Problems is [{ Code: ProblemCode.AcmeFailed } problem] && problem.Message.Contains("the log is full", StringComparison.Ordinal), "the Ingress has a problem");
        Assert.Empty((await world.StateAsync()).Orders);
    }

    [Theory]
    [InlineData(AcmeEndpoint.NewOrder)]
    [InlineData(AcmeEndpoint.Finalize)]
    [InlineData(AcmeEndpoint.Certificate)]
    public async Task Whatever_breaks_on_the_way_the_order_goes_on(AcmeEndpoint endpoint)
    {
        await using var world = await IssuingWorld.StartAsync();
        world.Authority.Order(endpoint, AcmeFault.ServerError);
        world.Authority.Order(endpoint, AcmeFault.CutAfterwards);
        world.Authority.Order(endpoint, AcmeFault.Garbage);
        world.Apply(IssuingWorld.Ingress("web", "shop.example.com"));
        world.Lead();
        await world.IssuedAsync("web");
        Assert.Single(world.Authority.Orders);
        Assert.Single(world.Authority.Certificates);
    }

    [Fact]
    public async Task A_certificate_that_is_always_garbage_keeps_no_other_waiting()
    {
        await using var world = await IssuingWorld.StartAsync();
        world.Apply(IssuingWorld.Ingress("web", "shop.example.com"));
        world.Authority.Order(AcmeEndpoint.Certificate, AcmeFault.Garbage, times: 2);
        world.Lead();
        await Eventually.TrueAsync(() => world.Authority.Requests.Contains(AcmeEndpoint.Certificate), "the first is garbage");
        world.Apply(IssuingWorld.Ingress("api", "api.example.com"));
        await world.IssuedAsync("api", "web");
        Assert.Equal(2, world.Authority.Certificates.Count);
    }

    [Fact]
    public async Task Who_leads_no_more_tells_of_no_troubles_any_more()
    {
        await using var world = await IssuingWorld.StartAsync(issuer => issuer with { Challenges = [ChallengeKind.Dns01], Dns = new() { Program = "/nowhere/hook" } });
        world.Apply(IssuingWorld.Ingress("web", "shop.example.com"));
        var leader = world.Lead();
        await Eventually.TrueAsync(() => leader.Issuing.Problems is [{ Code: ProblemCode.AcmeNotWritten }], "the Ingress has a problem");
        await leader.KillAsync();
        await Eventually.TrueAsync(() => leader.Issuing.Problems.IsEmpty, "the next leader says what is wrong");
    }

    [Fact]
    public async Task An_order_that_cannot_go_on_for_a_day_is_given_up_and_its_host_waits()
    {
        await using var world = await IssuingWorld.StartAsync(issuer => issuer with { Challenges = [ChallengeKind.Dns01], Dns = new() { Program = "/nowhere/hook" } });
        world.Apply(IssuingWorld.Ingress("web", "shop.example.com"));
        var leader = world.Lead();
        await Eventually.TrueAsync(() => leader.Issuing.Problems is [{ Code: ProblemCode.AcmeNotWritten }], "it waits");
        Assert.Single((await world.StateAsync()).Orders);
        world.Clock.Shift = TimeSpan.FromHours(25);
        world.Stir();
        await Eventually.TrueAsync(async () => await world.StateAsync() is { Orders.IsEmpty: true, Failures: [{ Host: "shop.example.com" } failure] } && failure.Cause.Contains("/nowhere/hook", StringComparison.Ordinal), "it is given up");
    }
}
