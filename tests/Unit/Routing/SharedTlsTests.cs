using IngressController.Cluster;
using IngressController.Cluster.Resources;
using IngressController.Routing.Explaining;
using IngressController.Routing.Model;
using IngressController.Testing;
using static IngressController.Unit.Routing.TlsObjects;

namespace IngressController.Unit.Routing;

/// <summary>A host has TLS by a wildcard, and others say something about the same host.</summary>
public sealed class SharedTlsTests
{
    private static readonly Ingress Wild = Make.Ingress("shop/wild", age: 10).WithRule("*.test", "Prefix /") with { Tls = [new(["*.test"], "wild")] };
    private static readonly Ingress Plain = Make.Ingress("shop/plain", age: 9).WithRule("a.test", "Prefix /");
    private static readonly Ingress Foreign = Make.Ingress("evil/new").WithRule("a.test", "Prefix /evil");
    private static readonly Ingress Taking = Foreign with { Tls = [new(["a.test"], "theirs")] };

    [Theory]
    [InlineData("ssl-passthrough", "true")]
    [InlineData("auth-tls-secret", "evil/ca")]
    public void What_is_refused_leaves_nothing_of_a_host_but_the_problem(string annotation, string value)
    {
        var room = RoutingRoom.With(Wild, Plain, Foreign.Annotated(Nginx + annotation, value));
        Assert.Null(Tls(room, "a.test"));
        Assert.Equal(308, Explain(room, "a.test").Status);
        Assert.Contains(room.Translation.Problems, problem => problem.Code == ProblemCode.TlsConflict);
    }

    [Theory]
    [InlineData("*.test")]
    [InlineData(null)]
    public void Who_asks_for_certificates_of_clients_has_the_redirect_of_what_covers_the_host(string? covering)
    {
        var tls = Make.Ingress("tls").WithRule(covering, "Prefix /") with { Tls = [new(covering is null ? [] : [covering], "cert")] };
        var room = RoutingRoom.With(tls, Shop("a.test").Annotated(Nginx + "auth-tls-secret", "ca"), Secret("ca", ("ca.crt", Authorities)));
        Assert.NotNull(Tls(room, "a.test")!.Clients);
        var explanation = Explain(room, "a.test");
        Assert.Equal((308, true), (explanation.Status, explanation.Tls.IsRedirected));
        Assert.Equal("default/cert", Assert.Single(explanation.Tls.Certificates).Secret.ToString());
        room.Delete(tls);
        Assert.Equal(400, Explain(room, "a.test").Status);
    }

    [Fact]
    public void The_certificates_of_a_host_are_named_before_those_of_its_wildcard_and_of_any_host()
    {
        var room = RoutingRoom.With(
            Make.Ingress("any").WithRule(null, "Prefix /") with { Tls = [new([], "any")] }, Make.Ingress("wild").WithRule("*.test", "Prefix /") with { Tls = [new(["*.test"], "wild")] },
            Shop("a.test") with { Tls = [new(["a.test"], "own")] });
        Assert.Equal(["own", "wild", "any"], Explain(room, "a.test").Tls.Certificates.Select(source => source.Secret.Name));
        Assert.Equal(["any"], Explain(room, "10.0.0.1").Tls.Certificates.Select(source => source.Secret.Name));
        Assert.Equal(["any"], Explain(room, "b.a.test").Tls.Certificates.Select(source => source.Secret.Name));
    }

    [Fact]
    public void A_younger_ingress_of_another_namespace_yields_to_the_wildcard_that_the_host_was_served_with()
    {
        var room = RoutingRoom.With(Wild, Plain, Taking);
        Assert.True(Yields(room));
        var problem = Assert.Single(room.Translation.Problems, problem => problem.Code == ProblemCode.TlsConflict);
        Assert.Equal((Severity.Warning, "evil/new", "spec.tls"), (problem.Severity, problem.Object!.Value.Name.ToString(), problem.Field));
        Assert.Contains("Ingress shop/plain, which is older, has rules for host a.test, and the wildcard of Ingress shop/wild", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void It_yields_as_long_as_both_the_wildcard_and_the_older_rule_are_there()
    {
        var room = RoutingRoom.With(Wild, Plain, Taking);
        foreach (var gone in new[] { Wild, Plain })
        {
            room.Delete(gone);
            Assert.False(Yields(room));
            Assert.DoesNotContain(room.Translation.Problems, problem => problem.Code == ProblemCode.TlsConflict);
            room.Apply(gone);
            Assert.True(Yields(room));
        }

        room.Apply(Wild with { Tls = [] });
        Assert.False(Yields(room));
        room.Apply(Wild with { Tls = [new(["*.test"], null)] }); // the default certificate is no reason to do without one's own
        Assert.False(Yields(room));
    }

    [Theory]
    [InlineData("evil/wild", 10, "shop/plain", 9)] // its own wildcard
    [InlineData("shop/wild", -1, "shop/plain", 9)] // a younger wildcard, which may be anybody's
    [InlineData("shop/wild", 10, "shop/plain", -1)] // it was there first
    [InlineData("shop/wild", 10, "evil/plain", 9)] // the host is its own
    public void Others_do_not_yield(string wildcard, int wildcardAge, string rule, int ruleAge)
    {
        var room = RoutingRoom.With(
            Make.Ingress(wildcard, wildcardAge).WithRule("*.test", "Prefix /") with { Tls = [new(["*.test"], "wild")] }, Make.Ingress(rule, ruleAge).WithRule("a.test", "Prefix /"), Taking);
        Assert.False(Yields(room));
        Assert.DoesNotContain(room.Translation.Problems, problem => problem.Code == ProblemCode.TlsConflict);
    }

    [Fact]
    public void In_whatever_order_they_come_the_result_is_the_same()
    {
        IResource[] objects = [Make.IngressClass(), Wild, Plain, Taking, Make.Ingress("evil/more", age: -2).WithRule("a.test", "Prefix /m") with { Tls = [new(["a.test"], "more")] }];
        var fresh = new RoutingRoom();
        fresh.Apply(objects);
        for (var seed = 0; seed < 10; seed++)
        {
            var steps = new RoutingRoom();
            var order = objects.ToArray();
            new Random(seed).Shuffle(order);
            foreach (var item in order)
            {
                steps.Apply(item);
            }

            Assert.Equal(fresh.Translation.Model.Tls.OrderBy(pair => pair.Key), steps.Translation.Model.Tls.OrderBy(pair => pair.Key));
            Assert.Equal(fresh.Translation.Problems, steps.Translation.Problems);
        }
    }

    private static bool Yields(RoutingRoom room) => Assert.Single(Tls(room, "a.test")!.Certificates).StandIn == StandIn.Always;

    private static Explanation Explain(RoutingRoom room, string host) => Explainer.Explain(room.Snapshot, room.Translation, room.Translation.Problems, host, "/");
}
