using System.Collections.Immutable;
using IngressController.Certificates.Acme;
using IngressController.Certificates.Acme.Issuing;
using IngressController.Certificates.Acme.Protocol;
using IngressController.Cluster;
using IngressController.Cluster.Resources;
using IngressController.Testing;

namespace IngressController.Unit.Certificates.Acme.Issuing;

public sealed class SetbackTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly WantedCertificate Wanted = IssuingPlanTests.Wanted("web", null, "a.example.com", "*.b.example.com");
    private static readonly AcmeOptions Options = new([Wanted.Issuer], new("ingress", "state"), "");
    private static readonly AcmeProblem Limit = new(AcmeProblem.RateLimited, "too many new orders (300) from this account", 429, null, []);

    [Fact]
    public void A_host_is_tried_again_after_a_quarter_of_an_hour_and_seldomer_each_time_up_to_a_day()
    {
        var minutes = Enumerable.Range(1, 9).Select(failures => Backoff.OfHost(failures, 0).TotalMinutes);
        Assert.Equal([15, 30, 60, 120, 240, 480, 960, 1440, 1440], minutes);
        Assert.Equal(TimeSpan.FromMinutes(18.75), Backoff.OfHost(1, 1));
        Assert.Equal(TimeSpan.FromDays(1), Backoff.OfHost(int.MaxValue, 0));
        Assert.Equal([1, 2, 4, 256, 300], new[] { 1, 2, 3, 9, 10 }.Select(failures => Backoff.OfAuthority(failures, 0).TotalSeconds));
    }

    [Fact]
    public void Only_the_hosts_that_the_authority_names_have_failed()
    {
        var problem = new AcmeProblem("compound", "two of them", 400, null, [new("caa", "forbidden", null, "b.example.com", [])]);
        Assert.Equal([new HostFailure("*.b.example.com", "why") { Type = "caa" }], Blame.For(Wanted, problem, "why"));
        Assert.All(Blame.For(Wanted, problem with { Type = "rejectedIdentifier", Subproblems = [] }, "why"), failure => Assert.Equal("rejectedIdentifier", failure.Type));
        Assert.Equal(2, Blame.For(Wanted, problem with { Subproblems = [] }, "why").Count);
        Assert.Equal(2, Blame.For(Wanted, null, "why").Count);
        Assert.Equal(2, Blame.For(Wanted, problem with { Host = "stranger.example.com", Subproblems = [] }, "why").Count);
    }

    [Fact]
    public void Failures_are_counted_until_the_certificate_is_there()
    {
        var state = AcmeState.Empty;
        for (var time = 1; time <= 3; time++)
        {
            state = state.Failed(Wanted, [new("a.example.com", new string('x', 2000))], TimeSpan.Zero, 0, Now);
        }

        Assert.Equal([new FailureRecord("a.example.com", 3, Now.AddHours(1), new string('x', 600))], state.Failures);
        Assert.Equal(Now.AddDays(2), state.Failed(Wanted, [new("a.example.com", "")], TimeSpan.FromDays(2), 0, Now).Failures[0].NextTry);
        Assert.Empty(state.Issued(Wanted, Options, Now).Failures);
    }

    [Fact]
    public void What_concerns_nobody_any_more_is_forgotten()
    {
        var wanted = new WantedCertificates([Wanted], [], []);
        FailureRecord mine = new("a.example.com", 1, Now.AddDays(-3), ""), recent = new("gone.example.com", 1, Now, ""), old = new("older.example.com", 1, Now.AddDays(-2), "");
        var state = AcmeState.Empty with { Failures = [mine, recent, old], Holds = [new("main", Now.AddMinutes(-6), "")] };
        var tidy = state.Tidy(wanted, Options, Now);
        Assert.Equal([mine, recent], tidy.Failures);
        Assert.Empty(tidy.Holds);
    }

    [Fact]
    public void Several_that_find_an_authority_down_are_one_failure_of_it()
    {
        var clock = new ManualClock();
        var setbacks = new IssuerSetbacks(clock);
        var failure = new AcmeException("it is down") { IsUnavailable = true };
        var first = setbacks.Failed(Wanted.Issuer, failure, Wanted.Hosts);
        Assert.Equal(first, setbacks.Failed(Wanted.Issuer, failure, Wanted.Hosts));
        Assert.InRange(first.Until - clock.GetUtcNow(), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1.25));
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.InRange(setbacks.Failed(Wanted.Issuer, failure, Wanted.Hosts).Until - clock.GetUtcNow(), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2.5));
        Assert.Contains("main", setbacks.InTrouble);
        setbacks.Succeeded(Wanted.Issuer);
        Assert.Empty(setbacks.InTrouble);
        Assert.Empty(setbacks.Holds);
    }

    [Fact]
    public void A_limit_holds_new_orders_as_long_as_it_is_asked_for_up_to_an_hour()
    {
        var clock = new ManualClock();
        var setbacks = new IssuerSetbacks(clock);
        var hold = setbacks.Failed(Wanted.Issuer, new("too many") { Problem = Limit, RetryAfter = TimeSpan.FromMinutes(10) }, Wanted.Hosts);
        Assert.Equal((true, TimeSpan.FromMinutes(10)), (hold.LimitsOrders, hold.Until - clock.GetUtcNow()));
        setbacks.Succeeded(Wanted.Issuer); // an order that was there already
        Assert.Contains("main", setbacks.Holds.Keys);
        Assert.Empty(setbacks.InTrouble);
        clock.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal(TimeSpan.FromHours(1), setbacks.Failed(Wanted.Issuer, new("too many") { Problem = Limit, RetryAfter = TimeSpan.FromDays(7) }, Wanted.Hosts).Until - clock.GetUtcNow());
    }

    [Fact]
    public void A_limit_of_some_hosts_holds_up_no_others_unless_others_are_refused_next()
    {
        var clock = new ManualClock();
        var setbacks = new IssuerSetbacks(clock);
        Assert.InRange(Refused("a.example.com"), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1.25));
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.InRange(Refused("b.example.com"), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2.5)); // of the same domain
        clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(TimeSpan.FromHours(1), Refused("c.example.net"));

        TimeSpan Refused(string host)
        {
            var failure = new AcmeException("too many") { Problem = Limit with { Detail = "too many certificates (50) already issued" }, RetryAfter = TimeSpan.FromDays(2) };
            return setbacks.Failed(Wanted.Issuer, failure, [host]).Until - clock.GetUtcNow();
        }
    }

    [Fact]
    public void A_clock_that_is_set_back_makes_nobody_wait_longer_and_nobody_try_without_a_pause()
    {
        var (ahead, clock) = (Now.AddDays(1), new ManualClock());
        var (setbacks, secrets) = (new IssuerSetbacks(clock), new SecretSetbacks(clock));
        setbacks.Continue([new("main", clock.GetUtcNow() + (ahead - Now), "it was down")]);
        var hold = setbacks.Failed(Wanted.Issuer, new("it is down") { IsUnavailable = true }, Wanted.Hosts);
        Assert.InRange(hold.Until - clock.GetUtcNow(), TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
        secrets.Failed(Wanted.Secret, TimeSpan.FromDays(1));
        Assert.InRange(secrets.Pauses[Wanted.Secret] - clock.GetUtcNow(), TimeSpan.FromHours(1), TimeSpan.FromHours(1.1)); // the plan takes what is beyond two hours for a mistake
    }

    [Fact]
    public void Failures_never_outgrow_the_secret_and_no_host_loses_the_time_that_it_has_to_wait()
    {
        var before = Enumerable.Range(0, 1500).Select(number => new FailureRecord($"h{number}.example.com", 1, Now.AddMinutes(number < 100 ? -1 : 1), new string('\u00e9', 60))).ToList();
        var state = AcmeState.Empty with { Failures = [.. before] };
        Assert.InRange(state.Size(), 650_000, 700_000);
        var host = 0;
        for (; state.Failures.Contains(before[0]); host++)
        {
            state = state.Failed(Wanted, [new($"new{host}.example.com", new string('\u00e9', 150))], TimeSpan.Zero, 0, Now);
        }

        Assert.Contains(state.Failures, failure => failure.Host == $"new{host - 1}.example.com"); // in the place of those that may be tried again
        for (; state.Failures.Any(failure => failure.Host == $"new{host - 1}.example.com"); host++)
        {
            state = state.Failed(Wanted, [new($"new{host}.example.com", new string('\u00e9', 150))], TimeSpan.Zero, 0, Now);
        }

        Assert.InRange(state.Size(), 600_000, 700_000);
        Assert.Superset(before.Skip(100).ToHashSet(), state.Failures.ToHashSet());
    }

    [Fact]
    public void What_time_has_ended_goes_with_the_next_order()
    {
        FailureRecord mine = new("a.example.com", 1, Now.AddDays(-3), ""), recent = new("gone.example.com", 1, Now, ""), old = new("older.example.com", 1, Now.AddDays(-2), "");
        HoldRecord over = new("main", Now.AddMinutes(-6), ""), lasting = new("other", Now, "");
        var state = AcmeState.Empty with { Failures = [mine, recent, old], Holds = [over, lasting] };
        var begun = state.Begin(new(Wanted.Secret, "main", Wanted.Hosts, "key", Now), Options, Now);
        Assert.Equal([mine, recent], begun.Failures); // mine tells how often it failed in a row
        Assert.Equal([lasting], begun.Holds);
        var issued = state.Issued(Wanted, Options, Now);
        Assert.Equal([recent], issued.Failures);
        Assert.Equal([lasting], issued.Holds);
    }

    [Fact]
    public void The_status_says_what_everybody_can_know()
    {
        var news = News.None with { Wanted = new([Wanted], [], []) };
        var held = IssuingPlanTests.Held(Wanted, ageInDays: 1);
        var issued = news with { Held = ImmutableDictionary<NamespacedName, HeldCertificate>.Empty.Add(Wanted.Secret, held) };
        var order = new OrderRecord(Wanted.Secret, "main", Wanted.Hosts, "key", Now);
        var failed = AcmeState.Empty with { Failures = [new("a.example.com", 1, Now.AddMinutes(15), "CAA forbids it")] };
        var waiting = AcmeState.Empty with { Holds = [new("main", Now.AddMinutes(5), "it is down")] };
        Assert.Equal((AcmeStage.Waiting, ""), Stage(news));
        Assert.Equal((AcmeStage.Waiting, "it is down"), Stage(news with { State = waiting }));
        Assert.Equal((AcmeStage.Waiting, ""), Stage(news with { State = waiting with { Holds = [new("main", Now.AddMinutes(-5), "it is down")] } }));
        Assert.Equal((AcmeStage.Ordered, ""), Stage(news with { State = AcmeState.Empty with { Orders = [order] } }));
        Assert.Equal((AcmeStage.Proving, ""), Stage(issued with { State = AcmeState.Empty with { Orders = [order with { Tokens = [new("a.example.com", "t")] }] } }));
        Assert.Equal((AcmeStage.Issued, ""), Stage(issued with { State = waiting }));
        Assert.Equal((AcmeStage.Failed, "CAA forbids it"), Stage(news with { State = failed }));
        Assert.Equal(held.Leaf!.NotAfter, AcmeStatuses.Of(issued, Now)[0].NotAfter);
        Assert.Equal(["error AcmeFailed: Ingress shop/of-web spec.tls[0]: no certificate was issued for Secret shop/web: CAA forbids it. It is tried again by itself, seldomer each time"], Problems(news with { State = failed }));
        Assert.StartsWith("warning AcmeFailed", Assert.Single(Problems(issued with { State = failed })), StringComparison.Ordinal); // the old one is good still
        Assert.StartsWith("warning AcmeUnavailable", Assert.Single(Problems(news with { State = waiting })), StringComparison.Ordinal);
        Assert.Empty(Problems(issued with { State = waiting }));
        var unreadable = issued with { Held = issued.Held.SetItem(Wanted.Secret, held with { RevokeText = "because" }) };
        Assert.StartsWith("error AnnotationInvalid: Secret shop/web metadata.annotations[yarp.ingress.kubernetes.io/acme-revoke]: \"because\" is no reason", Assert.Single(Problems(unreadable)), StringComparison.Ordinal);

        static (AcmeStage, string) Stage(News news) => (AcmeStatuses.Of(news, Now)[0].Stage, AcmeStatuses.Of(news, Now)[0].Cause);
        static IEnumerable<string> Problems(News news) => AcmeStatuses.Problems(news, Now).Select(problem => problem.ToString());
    }

    [Fact]
    public void News_that_say_nothing_new_are_the_same_object()
    {
        var (survey, store) = (new Survey(Options), new ClusterStore());
        var ingress = Make.Ingress("shop/web").Annotated(AcmeAnnotations.Wanted, "true").WithRule("a.example.com", "Prefix /") with { Tls = [new(["a.example.com"], "web")] };
        store.Apply(Make.Changes(ingress));
        var first = survey.Next(store.Current, [ingress.Metadata.Name]);
        Assert.Single(first.Wanted.All);
        store.Apply(Make.Changes(Make.Service("shop/web", "80")));
        Assert.Same(first, survey.Next(store.Current, [ingress.Metadata.Name]));
        store.Apply(Make.Changes(AcmeState.Empty.ToSecret(new Metadata("ingress", "state") with { Annotations = new Dictionary<string, string> { [AcmeAnnotations.RollOver] = "main" }.ToEquatableMap() })));
        var changed = survey.Next(store.Current, [ingress.Metadata.Name]);
        Assert.Equal("main", changed.RollOver);
        Assert.Same(first.Wanted, changed.Wanted); // the state says nothing about what is wanted
        store.Apply(Make.Changes(new Secret(new("shop", "web"), "kubernetes.io/tls", EquatableMap<EquatableArray<byte>>.Empty)));
        Assert.Single(survey.Next(store.Current, [ingress.Metadata.Name]).Secrets);
        store.Apply(Make.Changes(Make.IngressClass("other", "example.com/other")));
        Assert.Empty(survey.Next(store.Current, []).Wanted.All); // a class decides whose an Ingress is
    }
}
