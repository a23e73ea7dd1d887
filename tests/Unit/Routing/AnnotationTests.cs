using IngressController.Cluster;
using IngressController.Routing.Model;
using IngressController.Testing;

namespace IngressController.Unit.Routing;

public sealed class AnnotationTests
{
    private const string Nginx = "nginx.ingress.kubernetes.io/";
    private const string Own = "yarp.ingress.kubernetes.io/";

    [Theory]
    [InlineData("whitelist-source-range", "10.0.0.0/8")]
    [InlineData("denylist-source-range", "10.0.0.0/8")]
    [InlineData("auth-url", "https://auth.example.com")]
    [InlineData("auth-type", "basic")]
    [InlineData("configuration-snippet", "deny all;")]
    [InlineData("enable-modsecurity", "true")]
    public void What_protects_a_path_and_is_not_carried_out_closes_it(string name, string value)
    {
        var room = RoutingRoom.With(Guarded(Nginx + name, value), Make.Ingress("open").WithRule("a.test", "Prefix /"));
        Assert.Equal("guarded AnnotationRefused", room.Answer("a.test", "/private"));
        Assert.Equal("open web:80", room.Answer("a.test", "/"));
        var problem = Assert.Single(room.Translation.Problems, problem => problem.Code == ProblemCode.AnnotationRefused);
        Assert.Equal((Severity.Error, $"metadata.annotations[{Nginx}{name}]"), (problem.Severity, problem.Field));
    }

    /// <summary>A pattern that cannot be read might cover any path: what it protects is in its namespace, and only that is closed.</summary>
    [Fact]
    public void A_guard_over_patterns_closes_its_namespace_on_its_hosts()
    {
        var guard = Make.Ingress("guarded").WithRule("a.test", "ImplementationSpecific /admin(/|$)(.*)")
            .Annotated(Nginx + "auth-url", "https://auth.example.com").Annotated(Nginx + "use-regex", "true");
        var room = RoutingRoom.With(
            guard,
            Make.Ingress("open", age: 9).WithRule("a.test", "Prefix /").WithRule("b.test", "Prefix /"),
            Make.Ingress("other/tenant", age: 9).WithRule("a.test", "Prefix /theirs"));
        Assert.Equal("open AnnotationRefused", room.Answer("a.test", "/admin/secret"));
        Assert.Equal("open AnnotationRefused", room.Answer("a.test", "/ADMIN"));
        Assert.Equal("tenant web:80", room.Answer("a.test", "/theirs"));
        Assert.Equal("open web:80", room.Answer("b.test", "/admin"));
        room.Delete(guard);
        Assert.Equal("open web:80", room.Answer("a.test", "/admin/secret"));
    }

    [Theory]
    [InlineData("enable-modsecurity", "false")]
    [InlineData("proxy-ssl-verify", "off")]
    [InlineData("auth-url", " ")]
    [InlineData("proxy-buffering", "on")]
    [InlineData("ssl-redirect", "false")]
    public void What_is_switched_off_or_has_no_effect_here_is_no_problem(string name, string value)
    {
        var room = RoutingRoom.With(Guarded(Nginx + name, value));
        Assert.Equal("guarded web:80", room.Answer("a.test", "/private"));
        Assert.DoesNotContain(room.Translation.Problems, problem => problem.Code != ProblemCode.ServiceNotFound);
    }

    [Fact]
    public void Known_annotations_that_are_not_carried_out_and_unknown_ones_are_warned_of()
    {
        var room = RoutingRoom.With(Guarded(Nginx + "rewrite-target", "/$1").Annotated(Own + "lod-balance", "random").Annotated("example.com/other", "x"));
        Assert.Equal("guarded web:80", room.Answer("a.test", "/private"));
        Assert.Equal(
            [(ProblemCode.AnnotationUnsupported, Severity.Error), (ProblemCode.AnnotationUnknown, Severity.Warning)],
            room.Translation.Problems.Where(problem => problem.Code != ProblemCode.ServiceNotFound).Select(problem => (problem.Code, problem.Severity)));
    }

    /// <summary>Others read them, after the translation.</summary>
    [Fact]
    public void Annotations_of_ACME_are_known_under_our_prefix_and_nobody_reads_them_under_another()
    {
        var room = RoutingRoom.With(Guarded(Own + "acme-issuer", "inside").Annotated(Own + "acme-take-over", "true").Annotated("kubernetes.io/tls-acme", "true").Annotated(Nginx + "acme-issuer", "inside"));
        var problem = Assert.Single(room.Translation.Problems, problem => problem.Code != ProblemCode.ServiceNotFound);
        Assert.Equal((ProblemCode.AnnotationUnknown, $"metadata.annotations[{Nginx}acme-issuer]"), (problem.Code, problem.Field));
    }

    /// <summary>Served as a plain Ingress it would take all traffic from the main one, or lose to it at random.</summary>
    [Fact]
    public void A_canary_takes_no_traffic()
    {
        var room = RoutingRoom.With(
            Make.Ingress("canary", age: 9).WithRule("a.test", "Prefix / canary:80").Annotated(Nginx + "canary", "true").Annotated(Nginx + "canary-weight", "10"),
            Make.Ingress("main").WithRule("a.test", "Prefix / main:80"));
        Assert.Equal("main main:80", room.Answer("a.test", "/"));
        Assert.Contains(room.Translation.Problems, problem => problem.Code == ProblemCode.AnnotationUnsupported);
    }

    [Fact]
    public void The_upstream_policy_is_read_under_both_prefixes_and_ours_wins()
    {
        var policy = PolicyOf(
            (Nginx + "load-balance", "random"), (Own + "load-balance", "least_requests"), (Nginx + "backend-protocol", "grpc"),
            (Nginx + "proxy-connect-timeout", "7"), (Nginx + "proxy-read-timeout", "3600"), (Nginx + "proxy-send-timeout", "10"));
        Assert.Equal(
            UpstreamPolicy.Default with { Protocol = BackendProtocol.H2c, Balancing = Balancing.LeastRequests, ConnectTimeout = TimeSpan.FromSeconds(7), IdleTimeout = TimeSpan.FromHours(1) },
            policy);
    }

    [Theory]
    [InlineData("proxy-connect-timeout", "60s")]
    [InlineData("proxy-connect-timeout", "-1")]
    [InlineData("proxy-connect-timeout", "0")]
    [InlineData("proxy-connect-timeout", "3601")]
    [InlineData("proxy-read-timeout", "99999999999999999999")]
    [InlineData("load-balance", "fastest")]
    [InlineData("backend-protocol", "FCGI")]
    public void A_value_that_cannot_be_read_counts_as_absent_and_is_reported(string name, string value)
    {
        Assert.Equal(UpstreamPolicy.Default, PolicyOf((Nginx + name, value)));
        var room = RoutingRoom.With(Guarded(Nginx + name, value));
        Assert.Contains(value, Assert.Single(room.Translation.Problems, problem => problem.Code == ProblemCode.AnnotationInvalid).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_policies_for_one_service_are_two_backends()
    {
        var room = RoutingRoom.With(
            Make.Ingress("plain").WithRule("a.test", "Prefix /"), Make.Ingress("slow").WithRule("a.test", "Prefix /slow").Annotated(Nginx + "proxy-read-timeout", "600"));
        Assert.Equal(2, room.Translation.Model.Backends.Count);
    }

    [Fact]
    public void A_problem_names_the_annotation_that_is_written()
    {
        var room = RoutingRoom.With(Guarded(Own + "app-root", "/x").Annotated(Nginx + "app-root", "/y"));
        Assert.Equal(
            [$"metadata.annotations[{Nginx}app-root]", $"metadata.annotations[{Own}app-root]"],
            room.Translation.Problems.Where(problem => problem.Code == ProblemCode.AnnotationUnsupported).Select(problem => problem.Field));
    }

    [Theory]
    [InlineData("/foo(/|$)(.*)")]
    [InlineData("/foo/*")]
    [InlineData("/[a-z]+")]
    public void A_path_that_looks_like_a_pattern_is_taken_literally_with_a_warning(string path)
    {
        var room = RoutingRoom.With(Make.Ingress("a").WithRule("a.test", $"ImplementationSpecific {path}"));
        Assert.Equal("404", room.Answer("a.test", "/foo/x"));
        Assert.Single(room.Translation.Problems, problem => problem.Code == ProblemCode.PathTakenLiterally);
    }

    private static Cluster.Resources.Ingress Guarded(string annotation, string value) =>
        Make.Ingress("guarded").WithRule("a.test", "Prefix /private").Annotated(annotation, value);

    private static UpstreamPolicy PolicyOf(params (string Name, string Value)[] annotations)
    {
        var ingress = annotations.Aggregate(Make.Ingress("a").WithRule("a.test", "Prefix /"), (built, pair) => built.Annotated(pair.Name, pair.Value));
        return Assert.Single(RoutingRoom.With(ingress).Translation.Model.Backends.Keys).Policy;
    }
}
