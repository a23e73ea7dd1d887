using IngressController.Routing.Matching;
using IngressController.Routing.Model;
using IngressController.Testing;

namespace IngressController.Unit.Routing;

public sealed class HostMatchingTests
{
    private static readonly RoutingRoom Room = RoutingRoom.With(
        Make.Ingress("exact").WithRule("shop.example.com", "Prefix /cart"),
        Make.Ingress("wildcard").WithRule("*.example.com", "Prefix /"),
        Make.Ingress("any").WithRule(null, "Prefix /any"),
        Make.Ingress("idn").WithRule("xn--mnchen-3ya.example.org", "Prefix /"));

    [Theory]
    [InlineData("shop.example.com", "/cart", "exact")]
    [InlineData("SHOP.Example.COM", "/cart", "exact")]
    [InlineData("shop.example.com:8080", "/cart", "exact")]
    [InlineData("shop.example.com.", "/cart", "exact")]
    [InlineData("shop.example.com.:443", "/cart", "exact")]
    [InlineData("XN--MNCHEN-3YA.example.org", "/", "idn")]
    public void Case_port_and_trailing_dot_do_not_count(string host, string path, string expected) => Expect(host, path, expected);

    [Theory]
    [InlineData("blog.example.com", "/", "wildcard")]
    [InlineData("blog.EXAMPLE.com:80", "/", "wildcard")]
    [InlineData("a.blog.example.com", "/", "404")]
    [InlineData("example.com", "/", "404")]
    [InlineData(".example.com", "/", "404")]
    [InlineData("*.example.com", "/", "wildcard")]
    public void A_wildcard_covers_exactly_one_label(string host, string path, string expected) => Expect(host, path, expected);

    [Theory]
    [InlineData("shop.example.com", "/", "404")] // not the wildcard's
    [InlineData("shop.example.com", "/any", "404")] // not the hostless rule's
    [InlineData("blog.example.com", "/any", "wildcard")]
    [InlineData("other.org", "/any", "any")]
    [InlineData("other.org", "/", "404")]
    public void A_path_that_its_host_has_not_falls_through_to_nothing(string host, string path, string expected) => Expect(host, path, expected);

    [Theory]
    [InlineData("[::1]:8080")]
    [InlineData("[2001:db8::1]")]
    [InlineData("127.0.0.1:8080")]
    [InlineData("")]
    [InlineData(":80")]
    [InlineData("[broken")]
    [InlineData("..")]
    [InlineData("localhost")]
    public void Hosts_that_no_rule_can_name_go_to_rules_without_host(string host)
    {
        Expect(host, "/any", "any");
        Expect(host, "/", "404");
    }

    [Fact]
    public void A_very_long_host_is_no_trouble() => Expect(new string('a', 100_000) + ".example.com", "/", "wildcard");

    [Fact]
    public void The_number_of_labels_that_a_wildcard_covers_is_a_parameter()
    {
        var room = RoutingRoom.With(
            Make.Ingress("outer").WithRule("*.example.com", "Prefix /"), Make.Ingress("inner").WithRule("*.b.example.com", "Prefix /"));
        var model = room.Translation.Model;
        var table = RouteTable<Route>.Create(WildcardScope.AnyLabels).With(new(model, [.. model.Hosts.Keys], []), route => route);
        string? Owner(string host) => table.Match(host, "/").Route?.Ingress?.Name;
        Assert.Equal("outer", Owner("x.y.z.example.com"));
        Assert.Equal("inner", Owner("x.y.b.example.com"));
        Assert.Equal("outer", Owner("b.example.com"));
        Assert.Null(Owner("example.com"));
    }

    [Theory]
    [InlineData("shop.example.com:80")]
    [InlineData("10.0.0.1")]
    [InlineData("*")]
    [InlineData("a.*.com")]
    [InlineData("*.*.com")]
    [InlineData("bad_host")]
    [InlineData("münchen.de")]
    [InlineData("a..b")]
    public void A_rule_with_a_host_that_is_no_name_is_passed_over_and_reported(string host)
    {
        var room = RoutingRoom.With(Make.Ingress("bad").WithRule(host, "Prefix /").WithRule("good.example.com", "Prefix /"));
        Assert.Equal("bad web:80", room.Answer("good.example.com", "/"));
        Assert.Contains(room.Translation.Problems, problem => problem is { Code: Cluster.ProblemCode.HostInvalid, Field: "spec.rules[0].host" });
    }

    private static void Expect(string host, string path, string expected) => Assert.Equal(expected, Room.Answer(host, path).Split(' ')[0]);
}
