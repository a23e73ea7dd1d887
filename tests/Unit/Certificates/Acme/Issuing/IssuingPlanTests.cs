using IngressController.Certificates.Acme;
using IngressController.Certificates.Acme.Issuing;
using IngressController.Certificates.Acme.Protocol;
using IngressController.Cluster;

namespace IngressController.Unit.Certificates.Acme.Issuing;

public sealed class IssuingPlanTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly Issuer LetsEncrypt = new("main", new("https://acme-v02.api.letsencrypt.org/directory"));
    private static readonly Issuer Other = new("other", new("https://ca.example.com/directory"));
    private static readonly AcmeOptions Options = new([LetsEncrypt, Other], new("ingress", "state"), "ingress/controller");

    [Fact]
    public void No_more_than_ten_are_worked_on_at_once()
    {
        var wanted = Enumerable.Range(0, 15).Select(number => Wanted($"w{number:00}")).ToList();
        var plan = IssuingPlan.Of(new([.. wanted], AcmeState.Empty), Now);
        Assert.Equal(wanted.Take(10), plan.Start);
        plan = IssuingPlan.Of(new([.. wanted], AcmeState.Empty) { Running = [.. wanted.Take(8)] }, Now);
        Assert.Equal(wanted.Skip(8).Take(2), plan.Start);
    }

    [Fact]
    public void Begun_orders_go_first_then_renewals_then_what_is_new()
    {
        var (fresh, renewal, begun) = (Wanted("a"), Wanted("b"), Wanted("c"));
        var situation = new Situation([fresh, renewal, begun], AcmeState.Empty with { Orders = [Order(begun)] }) { Held = new Dictionary<NamespacedName, HeldCertificate> { [renewal.Secret] = Held(renewal, ageInDays: 80) } };
        Assert.Equal([begun, renewal, fresh], IssuingPlan.Of(situation, Now).Start);
    }

    [Fact]
    public void What_is_not_due_waits_for_its_time()
    {
        var wanted = Wanted("a");
        var held = Held(wanted, ageInDays: 1);
        var situation = new Situation([wanted], AcmeState.Empty) { Held = new Dictionary<NamespacedName, HeldCertificate> { [wanted.Secret] = held } };
        var plan = IssuingPlan.Of(situation, Now);
        Assert.Empty(plan.Start);
        Assert.Equal(RenewalTime.Of(held.Leaf!, null), plan.Next);
        var window = new RenewalWindow(Now.AddDays(-2), Now.AddDays(-1), null, TimeSpan.FromHours(6));
        plan = IssuingPlan.Of(situation with { Windows = new Dictionary<string, RenewalWindow> { [held.Leaf!.Serial] = window } }, Now);
        Assert.Equal([wanted], plan.Start); // the authority wants it now
    }

    [Fact]
    public void Orders_that_nobody_wants_any_more_are_given_up()
    {
        var (wanted, gone) = (Wanted("a"), Wanted("gone"));
        var other = Order(wanted) with { Hosts = ["other.example.com"] };
        var plan = IssuingPlan.Of(new([wanted], AcmeState.Empty with { Orders = [other, Order(gone)] }), Now);
        Assert.Equal([other, Order(gone)], plan.Abandon);
        Assert.Equal([wanted], plan.Start);
    }

    [Fact]
    public void A_host_that_failed_waits_and_keeps_no_other_waiting()
    {
        var (bad, good) = (Wanted("bad", LetsEncrypt, "bad.example.com", "b.example.com"), Wanted("good"));
        var situation = new Situation([bad, good], AcmeState.Empty with { Failures = [new("b.example.com", 1, Now.AddMinutes(15), "")] });
        var plan = IssuingPlan.Of(situation, Now);
        Assert.Equal([good], plan.Start);
        Assert.Equal(Now.AddMinutes(15), plan.Next);
        Assert.Equal([good, bad], IssuingPlan.Of(situation, Now.AddMinutes(15)).Start);
        Assert.Equal([good, bad], IssuingPlan.Of(situation, Now.AddDays(-30)).Start); // the clock was wrong when that was written
    }

    [Fact]
    public void Orders_that_share_a_host_come_one_after_the_other()
    {
        var (first, second) = (Wanted("a", LetsEncrypt, "x.example.com"), Wanted("b", LetsEncrypt, "*.x.example.com"));
        Assert.Equal([first], IssuingPlan.Of(new([first, second], AcmeState.Empty), Now).Start);
        Assert.Empty(IssuingPlan.Of(new([second], AcmeState.Empty) { Running = [first] }, Now).Start);
    }

    [Fact]
    public void An_issuer_that_is_held_gets_nothing_and_one_that_limits_orders_gets_no_new_ones()
    {
        var (begun, fresh, elsewhere) = (Wanted("a"), Wanted("b"), Wanted("c", Other, "c.example.com"));
        var state = AcmeState.Empty with { Orders = [Order(begun) with { Url = new("https://ca.example.com/order/1") }] };
        var hold = new HoldRecord("main", Now.AddMinutes(5), "too many") { LimitsOrders = true };
        var situation = new Situation([begun, fresh, elsewhere], state) { Holds = new Dictionary<string, HoldRecord> { ["main"] = hold } };
        var plan = IssuingPlan.Of(situation, Now);
        Assert.Equal([begun, elsewhere], plan.Start);
        Assert.Equal(Now.AddMinutes(5), plan.Next);
        Assert.Equal([elsewhere], IssuingPlan.Of(situation with { Holds = new Dictionary<string, HoldRecord> { ["main"] = hold with { LimitsOrders = false } } }, Now).Start);
        Assert.Equal([begun, fresh, elsewhere], IssuingPlan.Of(situation, Now.AddMinutes(5)).Start);
        Assert.Equal([begun, elsewhere], IssuingPlan.Of(situation with { InTrouble = new HashSet<string> { "main" } }, Now.AddMinutes(5)).Start); // one looks whether it is there again
        Assert.Equal([elsewhere], IssuingPlan.Of(situation with { Resting = new HashSet<string> { "main" } }, Now.AddMinutes(5)).Start);
    }

    [Fact]
    public void A_secret_that_could_not_be_written_waits_alone()
    {
        var (bad, good) = (Wanted("a"), Wanted("b"));
        var plan = IssuingPlan.Of(new([bad, good], AcmeState.Empty) { Pauses = new Dictionary<NamespacedName, DateTimeOffset> { [bad.Secret] = Now.AddSeconds(4) } }, Now);
        Assert.Equal([good], plan.Start);
        Assert.Equal(Now.AddSeconds(4), plan.Next);
    }

    [Fact]
    public void Lets_encrypt_gets_240_orders_in_three_hours_and_the_next_when_the_first_has_aged()
    {
        var ordered = Enumerable.Range(0, 239).Select(number => new OrderTime("main", Now.AddHours(-2).AddSeconds(number))).ToEquatableArray();
        var situation = new Situation([Wanted("a"), Wanted("b"), Wanted("c", Other, "c.example.com")], AcmeState.Empty with { Ordered = ordered });
        var plan = IssuingPlan.Of(situation, Now);
        Assert.Equal(["shop/a", "shop/c"], plan.Start.Select(wanted => wanted.Secret.ToString()));
        Assert.Equal(Now.AddHours(1), plan.Next);
    }

    [Fact]
    public void The_same_hosts_are_ordered_four_times_a_week_at_most()
    {
        var wanted = Wanted("a");
        var set = OrderLimits.SetOf(wanted.Hosts);
        var issued = Enumerable.Range(0, 4).Select(day => new IssueTime("main", set, Now.AddDays(day - 5))).ToEquatableArray();
        var situation = new Situation([wanted], AcmeState.Empty with { Issued = issued });
        var plan = IssuingPlan.Of(situation, Now);
        Assert.Empty(plan.Start);
        Assert.Equal(Now.AddDays(2), plan.Next);
        Assert.NotEmpty(IssuingPlan.Of(situation, Now.AddDays(2)).Start);
        Assert.NotEmpty(IssuingPlan.Of(situation, Now.AddDays(-60)).Start); // the clock was wrong when that was written
    }

    [Fact]
    public void Orders_that_failed_lock_nobody_out_for_a_week()
    {
        var (wanted, state, time) = (Wanted("a"), AcmeState.Empty, Now);
        for (var tries = 0; tries < 5; tries++, time = state.Failures[0].NextTry)
        {
            Assert.Equal([wanted], IssuingPlan.Of(new([wanted], state), time).Start);
            state = state.Begin(Order(wanted), Options, time).Failed(wanted, [new("a.example.com", "no")], TimeSpan.Zero, 0, time);
        }

        for (var times = 0; times < 4; times++)
        {
            state = state.Issued(wanted, Options, time);
        }

        Assert.Empty(IssuingPlan.Of(new([wanted], state), time).Start);
    }

    [Fact]
    public void Orders_and_certificates_are_remembered_as_long_as_they_count_and_no_more_than_a_secret_can_hold()
    {
        EquatableArray<OrderTime> ordered = [new("main", Now.AddHours(-4)), new("main", Now.AddHours(-2)), new("other", Now.AddMinutes(-2)), new("gone", Now), new("main", Now.AddDays(1))];
        EquatableArray<IssueTime> issued = [new("main", "old", Now.AddDays(-8)), new("main", "new", Now.AddDays(-6)), new("other", "old", Now.AddHours(-2)), new("gone", "new", Now), new("main", "ahead", Now.AddDays(1))];
        var state = OrderBudget.Trim(AcmeState.Empty with { Ordered = ordered, Issued = issued }, Options, Now);
        Assert.Equal([ordered[1]], state.Ordered);
        Assert.Equal([issued[1]], state.Issued);
        var many = Enumerable.Range(0, 6000).Select(number => Now.AddMilliseconds(-number)).ToList();
        state = OrderBudget.Trim(
            new() { Ordered = [.. many.SelectMany(time => new OrderTime[] { new("main", time), new("other", time.AddMilliseconds(0.1)) }).Where(order => order.At <= Now)], Issued = [.. many.Select(time => new IssueTime("main", "", time))] }, Options, Now);
        Assert.Equal((240, 20, 1500), (state.Ordered.Count(order => order.Issuer == "main"), state.Ordered.Count(order => order.Issuer == "other"), state.Issued.Count));
    }

    [Fact]
    public void Whatever_failed_comes_after_what_did_not()
    {
        var (paused, failed, fresh, renewal) = (Wanted("a"), Wanted("b"), Wanted("c"), Wanted("d"));
        var situation = new Situation([paused, failed, fresh, renewal], AcmeState.Empty with { Orders = [Order(paused)], Failures = [new("b.example.com", 1, Now.AddMinutes(-1), "")] })
        {
            Held = new Dictionary<NamespacedName, HeldCertificate> { [renewal.Secret] = Held(renewal, ageInDays: 80) },
            Pauses = new Dictionary<NamespacedName, DateTimeOffset> { [paused.Secret] = Now },
        };
        Assert.Equal([renewal, fresh, paused, failed], IssuingPlan.Of(situation, Now).Start);
        Assert.Equal([renewal], IssuingPlan.Of(situation with { InTrouble = new HashSet<string> { "main" } }, Now).Start); // and does not look alone whether the issuer is well again
    }

    [Fact]
    public void An_issuer_that_is_busy_keeps_no_other_issuer_waiting()
    {
        var busy = Enumerable.Range(0, 10).Select(number => Wanted($"w{number}")).ToList();
        var (more, elsewhere) = (Wanted("x"), Wanted("y", Other));
        Assert.Equal([elsewhere], IssuingPlan.Of(new([.. busy, more, elsewhere], AcmeState.Empty) { Running = busy }, Now).Start);
    }

    [Fact]
    public void No_order_is_begun_where_thirty_of_the_issuer_have_not_ended()
    {
        var stuck = Enumerable.Range(0, 29).Select(number => Wanted($"stuck{number:00}")).ToList();
        var (first, second, elsewhere) = (Wanted("x"), Wanted("y"), Wanted("z", Other));
        var situation = new Situation([.. stuck, first, second, elsewhere], AcmeState.Empty with { Orders = [.. stuck.Select(Order)] }) { Pauses = stuck.ToDictionary(wanted => wanted.Secret, _ => Now.AddMinutes(1)) };
        Assert.Equal([first, elsewhere], IssuingPlan.Of(situation, Now).Start);
        Assert.Equal([elsewhere], IssuingPlan.Of(situation with { Running = [first] }, Now).Start); // which is not written down yet
    }

    [Fact]
    public void Namespaces_take_turns()
    {
        var many = Enumerable.Range(0, 300).Select(number => Wanted($"many{number:000}")).ToList();
        var few = Enumerable.Range(0, 2).Select(number => Wanted($"few{number}") with { Secret = new("zoo", $"few{number}") }).ToList();
        EquatableArray<WantedCertificate> all = [.. many, .. few];
        Assert.Equal([many[0], few[0], many[1], few[1], many[2]], IssuingPlan.Of(new(all, AcmeState.Empty), Now).Start.Take(5));
        var state = AcmeState.Empty with { Ordered = [.. Enumerable.Repeat(new OrderTime("main", Now.AddMinutes(-1)), 239)] };
        Assert.Equal([few[0]], IssuingPlan.Of(new(all, state) { Running = [many[0]] }, Now).Start); // what is under way counts
    }

    [Fact]
    public void Ten_thousand_certificates_wait_where_the_limit_is_reached()
    {
        var wanted = Enumerable.Range(0, 10_000).Select(number => Wanted($"w{number}")).ToEquatableArray();
        var ordered = Enumerable.Range(0, 5000).Select(number => new OrderTime("main", Now.AddSeconds(-number))).ToEquatableArray();
        Assert.Empty(IssuingPlan.Of(new(wanted, AcmeState.Empty with { Ordered = ordered }), Now).Start);
    }

    internal static WantedCertificate Wanted(string name, Issuer? issuer = null, params string[] hosts) =>
        new(new("shop", name), hosts.Length == 0 ? [$"{name}.example.com"] : [.. hosts], issuer ?? LetsEncrypt, TakesOver: false, [new(new("shop", $"of-{name}"), "spec.tls[0]")]);

    internal static HeldCertificate Held(WantedCertificate wanted, int ageInDays) => new(
        IsOurs: true, wanted.Issuer.Name, wanted.Issuer.Directory.AbsoluteUri, null,
        new(wanted.Secret.Name, wanted.Hosts, Now.AddDays(-ageInDays), Now.AddDays(90 - ageInDays), wanted.Issuer.KeyType, []));

    private static OrderRecord Order(WantedCertificate wanted) => new(wanted.Secret, wanted.Issuer.Name, wanted.Hosts, "key", Now);
}
