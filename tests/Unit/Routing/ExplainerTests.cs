using IngressController.Cluster;
using IngressController.Routing.Explaining;
using IngressController.Routing.Matching;
using IngressController.Testing;

namespace IngressController.Unit.Routing;

public sealed class ExplainerTests
{
    private static readonly RoutingRoom Room = RoutingRoom.With(
        Make.Service("web", "80"),
        Make.Slice("web", "8080", "10.0.0.1"),
        Make.Ingress("shop").WithRule("shop.example.com", "Prefix /", "Prefix /cart", "Exact /cart", "Prefix /pay none:80"),
        Make.Ingress("wild").WithRule("*.example.com", "Prefix /w"),
        Make.Ingress("foreign", className: "lost").WithRule("lost.example.org", "Prefix /"));

    [Fact]
    public void It_names_the_host_the_candidates_in_order_and_the_winner()
    {
        var explanation = Explain("SHOP.example.com:8080", "/cart?x=1");
        Assert.Equal(("SHOP.example.com", "/cart", MatchKind.Path), (explanation.Host, explanation.Path, explanation.Kind));
        Assert.Equal(["shop.example.com True", "*.example.com False", "* False"], explanation.Hosts.Select(host => $"{host.Host} {host.IsChosen}"));
        Assert.Equal(["Exact /cart True", "Prefix /cart False", "Prefix /pay False", "Prefix / False"], explanation.Routes.Select(route => $"{route.Route.Path} {route.IsChosen}"));
        Assert.Equal(
            [
                "matches, and nothing before it does",
                "matches too, but Exact /cart goes first: Exact goes before Prefix",
                "does not match",
                "matches too, but Exact /cart goes first: it has more elements",
            ],
            explanation.Routes.Select(route => route.Why));
        Assert.Null(explanation.Status);
        Assert.Equal("10.0.0.1:8080", Assert.Single(explanation.Backend!.Destinations).ToString());
        Assert.Equal("forwarded by Ingress default/shop, spec.rules[0].http.paths[2] to Service default/web:80", explanation.Decision);
    }

    [Theory]
    [InlineData("shop.example.com", "/pay", 503, "503: Ingress default/shop, spec.rules[0].http.paths[3]: Service default/none does not exist")]
    [InlineData("blog.example.com", "/", 404, "404: host *.example.com has no path that matches, and there is no default backend")]
    [InlineData("other.org", "/", 404, "404: no rule names this host, there is no rule without a host, and there is no default backend")]
    [InlineData("shop.example.com", "/%zz", 400, "400: the path has no normal form")]
    [InlineData("shop.example.com", "/x%2F..%2Fcart", 400, "400: servers may read this path in two ways")]
    [InlineData("shop.example.com", "*", 400, "400: the request target has no path")]
    public void It_says_why_nothing_is_forwarded(string host, string target, int status, string decision)
    {
        var explanation = Explain(host, target);
        Assert.Equal(status, explanation.Status);
        Assert.StartsWith(decision, explanation.Decision, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/Cart", "does not match: letters differ in case")]
    [InlineData("/cart/", "does not match: an Exact path must be equal to the last slash")]
    public void It_names_the_usual_mistakes(string target, string why) =>
        Assert.Contains(Explain("shop.example.com", target).Routes, candidate => candidate.Why == why);

    [Fact]
    public void It_tells_of_ingresses_that_name_the_host_and_are_not_served()
    {
        var explanation = Explain("lost.example.org", "/");
        Assert.Equal(404, explanation.Status);
        Assert.Equal(ProblemCode.IngressClassNotFound, Assert.Single(explanation.Problems).Code);
        Assert.Equal("it has the class lost, which does not exist", Assert.Single(explanation.PassedOver).Why);
    }

    [Theory]
    [InlineData("nginx", null, "it has the class nginx of the controller k8s.io/ingress-nginx; --controller-name k8s.io/ingress-nginx would make it ours")]
    [InlineData(null, "nginx", "it has the annotation kubernetes.io/ingress.class: nginx; --ingress-class nginx would make it ours")]
    [InlineData(null, null, "it has no class, and there is no default class of ours; --watch-ingress-without-class would make it ours")]
    public void It_says_why_an_ingress_is_not_ours(string? className, string? annotation, string why)
    {
        var ingress = Make.Ingress("theirs", className: className).WithRule("a.test", "Prefix /");
        var room = RoutingRoom.With(
            Make.IngressClass("nginx", "k8s.io/ingress-nginx"), annotation is null ? ingress : ingress.Annotated("kubernetes.io/ingress.class", annotation));
        Assert.Equal(why, Assert.Single(Explainer.Explain(room.Snapshot, room.Translation, room.Translation.Problems, "a.test", "/").PassedOver).Why);
    }

    [Fact]
    public void It_says_that_a_namespace_is_being_deleted()
    {
        var room = RoutingRoom.With(Make.Ingress("theirs").WithRule("a.test", "Prefix /"), Make.Namespace("default", terminating: true));
        var explanation = Explainer.Explain(room.Snapshot, room.Translation, room.Translation.Problems, "a.test", "/");
        Assert.Equal("its namespace default is being deleted", Assert.Single(explanation.PassedOver).Why);
        Assert.EndsWith("; Ingress default/theirs could answer and is not served: its namespace default is being deleted", explanation.Decision, StringComparison.Ordinal);
    }

    [Fact]
    public void It_tells_who_lost_a_path_of_this_host_and_nothing_of_other_hosts()
    {
        var room = RoutingRoom.With(
            Make.Service("web", "80"), Make.Slice("web", "8080", "10.0.0.1"), Make.Ingress("first").WithRule("a.test", "Prefix /"), Make.Ingress("second").WithRule("a.test", "Prefix /").WithRule("b.test", "Prefix / none:80"));
        var explanation = Explainer.Explain(room.Snapshot, room.Translation, room.Translation.Problems, "a.test", "/");
        Assert.Equal("default/first", explanation.Chosen?.Ingress?.ToString());
        var problem = Assert.Single(explanation.Problems);
        Assert.Equal((ProblemCode.PathConflict, "default/second", "spec.rules[0].http.paths[0].path"), (problem.Code, problem.Object?.Name.ToString(), problem.Field));
    }

    [Theory]
    [InlineData("Prefix /", "passed through undecrypted to Service default/web:80, whatever the path")]
    [InlineData("Prefix /y", "the connection is closed: it would be passed through, and there is no backend for that")]
    public void It_says_where_connections_go_that_are_not_decrypted(string path, string decision)
    {
        var room = RoutingRoom.With(Make.Ingress("pass").WithRule("a.test", "Prefix /x other:80", path).Annotated("nginx.ingress.kubernetes.io/ssl-passthrough", "true"));
        var explanation = Explainer.Explain(room.Snapshot, room.Translation, room.Translation.Problems, "a.test", "/x", isHttps: true);
        Assert.Equal((null, decision), (explanation.Status, explanation.Decision));
        Assert.Equal(308, Explainer.Explain(room.Snapshot, room.Translation, room.Translation.Problems, "a.test", "/x").Status);
    }

    private static Explanation Explain(string host, string target) => Explainer.Explain(Room.Snapshot, Room.Translation, Room.Translation.Problems, host, target);
}
