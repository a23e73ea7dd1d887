using IngressController.Cluster;
using IngressController.Cluster.Resources;
using IngressController.Routing.Translation;
using IngressController.Testing;

namespace IngressController.Unit.Routing;

public sealed class ConflictTests
{
    private const string Host = "shop.example.com";

    [Fact]
    public void The_oldest_ingress_keeps_the_path_and_the_loser_is_told()
    {
        var room = RoutingRoom.With(
            Make.Ingress("a/young", age: 1).WithRule(Host, "Prefix /cart young:80", "Prefix /only young:80"),
            Make.Ingress("z/old", age: 2).WithRule(Host, "Prefix /cart old:80"));
        Assert.Equal("old old:80", room.Answer(Host, "/cart"));
        Assert.Equal("young young:80", room.Answer(Host, "/only"));
        var problem = Only(room, ProblemCode.PathConflict);
        Assert.Equal("Ingress a/young", problem.Object.ToString());
        Assert.Equal("spec.rules[0].http.paths[0].path", problem.Field);
        Assert.Contains("Ingress z/old, which is older", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_the_same_age_the_first_name_wins()
    {
        var room = RoutingRoom.With(Make.Ingress("b/a").WithRule(Host, "Prefix / second:80"), Make.Ingress("a/z").WithRule(Host, "Prefix / first:80"));
        Assert.Equal("z first:80", room.Answer(Host, "/"));
    }

    [Fact]
    public void When_the_winner_goes_the_loser_takes_over_and_its_problem_goes()
    {
        var old = Make.Ingress("a", age: 2).WithRule(Host, "Exact /");
        var room = RoutingRoom.With(old, Make.Ingress("b", age: 1).WithRule(Host, "Exact /"));
        Assert.Equal("a web:80", room.Answer(Host, "/"));
        room.Delete(old);
        Assert.Equal("b web:80", room.Answer(Host, "/"));
        Assert.DoesNotContain(room.Translation.Problems, problem => problem.Code == ProblemCode.PathConflict);
    }

    [Fact]
    public void A_path_written_twice_in_one_ingress_is_used_once()
    {
        var room = RoutingRoom.With(Make.Ingress("a").WithRule(Host, "Prefix /x one:80", "ImplementationSpecific /x two:80"));
        Assert.Equal("a one:80", room.Answer(Host, "/x"));
        Assert.Contains("stands in this Ingress twice", Only(room, ProblemCode.PathConflict).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Exact_and_Prefix_of_one_path_are_no_conflict()
    {
        var room = RoutingRoom.With(Make.Ingress("a").WithRule(Host, "Exact /x exact:80"), Make.Ingress("b").WithRule(Host, "Prefix /x prefix:80"));
        Assert.Equal("a exact:80", room.Answer(Host, "/x"));
        Assert.Equal("b prefix:80", room.Answer(Host, "/x/y"));
        Assert.DoesNotContain(room.Translation.Problems, problem => problem.Code == ProblemCode.PathConflict);
    }

    [Fact]
    public void A_prefix_that_a_longer_spelling_hides_is_reported()
    {
        var room = RoutingRoom.With(Make.Ingress("a", age: 2).WithRule(Host, "Prefix /foo a:80"), Make.Ingress("b").WithRule(Host, "Prefix /foo/ b:80"));
        Assert.Equal("b b:80", room.Answer(Host, "/foo"));
        Assert.Equal("Ingress default/a", Only(room, ProblemCode.PathConflict).Object.ToString());
    }

    [Fact]
    public void Paths_of_one_host_in_many_namespaces_are_merged()
    {
        var room = RoutingRoom.With(Make.Ingress("a/a").WithRule(Host, "Prefix /a"), Make.Ingress("b/b").WithRule(Host, "Prefix /b"));
        Assert.Equal("a web:80", room.Answer(Host, "/a"));
        Assert.Equal("b web:80", room.Answer(Host, "/b"));
        Assert.Equal(["a", "b"], room.Translation.Model.Backends.Keys.Select(key => key.Service.Namespace).Order());
    }

    [Fact]
    public void A_host_takes_the_default_backend_of_the_oldest_ingress_that_has_one()
    {
        var room = RoutingRoom.With(
            Make.Ingress("plain", age: 9).WithRule(Host, "Prefix /x"),
            Make.Ingress("first", age: 8).WithRule(Host, "Prefix /y").WithDefault("first:80"),
            Make.Ingress("second", age: 7).WithRule(Host, "Prefix /z").WithRule("other.example.com").WithDefault("second:80"));
        Assert.Equal("first first:80", room.Answer(Host, "/"));
        Assert.Equal("second second:80", room.Answer("other.example.com", "/"));
        Assert.Equal("404", room.Answer("nobody.example.com", "/"));
        Assert.Equal("Ingress default/second", Only(room, ProblemCode.DefaultBackendConflict).Object.ToString());
    }

    [Fact]
    public void The_chain_of_defaults_ends_with_the_flag_and_then_404()
    {
        var options = new TranslationOptions { DefaultBackendService = new(new("infra", "errors"), PortReference.First) };
        var old = Make.Ingress("old", age: 2).WithDefault("old:80");
        var young = Make.Ingress("young", age: 1).WithDefault("young:80");
        var room = RoutingRoom.With(options, Make.Service("infra/errors", "8080"), Make.Ingress("host").WithRule(Host, "Prefix /x"), old, young);
        Assert.Equal("old old:80", room.Answer(Host, "/"));
        Assert.Equal("old old:80", room.Answer("nobody.example.com", "/"));
        Assert.Equal("Ingress default/young", Only(room, ProblemCode.DefaultBackendConflict).Object.ToString());
        room.Delete(old);
        Assert.Equal("young young:80", room.Answer("nobody.example.com", "/"));
        room.Delete(young);
        Assert.Equal("flag errors:0", room.Answer("nobody.example.com", "/"));
        Assert.Equal("404", RoutingRoom.With(Make.Ingress("host").WithRule(Host, "Prefix /x")).Answer(Host, "/"));
    }

    [Fact]
    public void A_rule_without_http_declares_its_host_and_leaves_it_to_the_defaults()
    {
        var room = RoutingRoom.With(
            Make.Ingress("bare").WithRule(Host), Make.Ingress("wild").WithRule("*.example.com", "Prefix /"), Make.Ingress("all").WithDefault("all:80"));
        Assert.Equal("all all:80", room.Answer(Host, "/"));
        Assert.Equal("wild web:80", room.Answer("blog.example.com", "/"));
    }

    private static Problem Only(RoutingRoom room, ProblemCode code) => Assert.Single(room.Translation.Problems, problem => problem.Code == code);
}
