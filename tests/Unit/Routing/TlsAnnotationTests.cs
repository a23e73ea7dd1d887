using System.Security.Cryptography.X509Certificates;
using IngressController.Cluster;
using IngressController.Cluster.Resources;
using IngressController.Routing.Model;
using IngressController.Routing.Translation;
using IngressController.Testing;
using static IngressController.Unit.Routing.TlsObjects;

namespace IngressController.Unit.Routing;

/// <summary>What annotations ask of the edge and of TLS to backends.</summary>
public sealed class TlsAnnotationTests
{
    [Theory]
    [InlineData("auth-tls-secret", "other/ca")]
    [InlineData("auth-tls-secret", "a/b/c")]
    [InlineData("proxy-ssl-secret", "other/ca")]
    [InlineData("proxy-ssl-secret", "Not A Name")]
    [InlineData("auth-tls-match-cn", "CN=me")]
    [InlineData("auth-tls-verify-client", "on")]
    [InlineData("auth-tls-verify-client", "perhaps")]
    public void What_protects_and_cannot_be_carried_out_closes_the_paths(string name, string value)
    {
        var room = RoutingRoom.With(Shop("a.test").Annotated(Nginx + name, value));
        Assert.Equal("shop AnnotationRefused", room.Answer("a.test", "/"));
        Assert.Contains(room.Translation.Problems, problem => problem.Code == ProblemCode.AnnotationRefused);
    }

    [Theory]
    [InlineData("off", null)]
    [InlineData("optional", ProblemCode.AnnotationInvalid)]
    [InlineData("Optional_no_ca", ProblemCode.AnnotationInvalid)]
    public void Without_authorities_only_what_lets_everybody_in_stays_open(string value, ProblemCode? told)
    {
        var room = RoutingRoom.With(Shop("a.test").Annotated(Nginx + "auth-tls-verify-client", value));
        Assert.NotEqual("shop AnnotationRefused", room.Answer("a.test", "/"));
        var about = room.Translation.Problems.Where(problem => problem.Field.Contains("auth-tls", StringComparison.Ordinal));
        Assert.Equal(told is { } code ? [code] : [], about.Select(problem => problem.Code));
    }

    [Fact]
    public void A_pattern_with_look_around_closes_the_paths()
    {
        var room = RoutingRoom.With(Shop("a.test").Annotated(Nginx + "auth-tls-secret", "ca").Annotated(Nginx + "auth-tls-match-cn", "CN=(?!evil)"));
        Assert.Equal("shop AnnotationRefused", room.Answer("a.test", "/"));
    }

    [Theory]
    [InlineData(null, null, HttpsRedirect.WithTls)]
    [InlineData("ssl-redirect", "false", HttpsRedirect.Never)]
    [InlineData("ssl-redirect", "true", HttpsRedirect.WithTls)]
    [InlineData("ssl-redirect", "perhaps", HttpsRedirect.WithTls)]
    [InlineData("force-ssl-redirect", "true", HttpsRedirect.Always)]
    [InlineData("force-ssl-redirect", "false", HttpsRedirect.WithTls)]
    public void The_redirect_is_on_where_there_is_tls_unless_somebody_says_otherwise(string? name, string? value, HttpsRedirect expected)
    {
        var ingress = Shop("a.test");
        var room = RoutingRoom.With(name is null ? ingress : ingress.Annotated(Nginx + name, value!));
        Assert.Equal(expected, Policies(room).Redirect);
    }

    [Theory]
    [InlineData("hsts", "true", "max-age=31536000")]
    [InlineData("hsts", "false", null)]
    [InlineData("hsts-max-age", "60", "max-age=60")]
    [InlineData("hsts-preload", "true", "max-age=31536000; preload")]
    [InlineData("hsts-include-subdomains", "true", "max-age=31536000; includeSubDomains")]
    [InlineData("ssl-redirect", "true", "max-age=5")]
    public void Hsts_is_the_option_unless_the_ingress_says_otherwise(string name, string value, string? expected)
    {
        var room = RoutingRoom.With(new TranslationOptions { StrictTransportSecurity = "max-age=5" }, Shop("a.test").Annotated(Own + name, value));
        Assert.Equal(expected, Policies(room).StrictTransportSecurity);
    }

    [Theory]
    [InlineData("8m", 8L << 20)]
    [InlineData("512K", 512L << 10)]
    [InlineData("0", long.MaxValue)]
    [InlineData("17", 17L)]
    [InlineData("1.5m", null)]
    [InlineData("m", null)]
    [InlineData("99999999999g", null)]
    public void The_size_of_bodies_is_read_as_nginx_does(string value, long? expected)
    {
        var room = RoutingRoom.With(Shop("a.test").Annotated(Nginx + "proxy-body-size", value));
        Assert.Equal(expected, Policies(room).MaxBodySize);
    }

    [Fact]
    public void Backends_are_verified_by_the_name_of_the_service_unless_told_otherwise()
    {
        var room = Upstream((Own + "backend-protocol", "HTTPS"));
        var tls = room.Backend("web").Tls!;
        Assert.Equal((true, "web.default.svc", "web.default.svc"), (tls.Verifies, tls.Name, tls.ServerName));
        tls = Upstream((Own + "backend-protocol", "HTTPS"), (Own + "proxy-ssl-name", "inner.test"), (Own + "proxy-ssl-server-name", "outer.test")).Backend("web").Tls!;
        Assert.Equal(("inner.test", "outer.test"), (tls.Name, tls.ServerName));
        tls = Upstream((Own + "backend-protocol", "HTTPS"), (Own + "proxy-ssl-server-name", "off"), (Own + "proxy-ssl-verify", "off")).Backend("web").Tls!;
        Assert.Equal((false, ""), (tls.Verifies, tls.ServerName));
    }

    [Fact]
    public void A_manifest_for_nginx_that_says_nothing_is_not_verified_and_that_is_told()
    {
        var room = Upstream((Nginx + "backend-protocol", "HTTPS"));
        Assert.False(room.Backend("web").Tls!.Verifies);
        Assert.Contains(room.Translation.Problems, problem => problem.Code == ProblemCode.UpstreamNotVerified);
        room = Upstream((Nginx + "backend-protocol", "HTTPS"), (Nginx + "proxy-ssl-verify", "on"));
        Assert.True(room.Backend("web").Tls!.Verifies);
        Assert.DoesNotContain(room.Translation.Problems, problem => problem.Code == ProblemCode.UpstreamNotVerified);
    }

    [Fact]
    public void A_secret_for_the_backend_that_is_missing_or_wrong_is_trouble_until_it_is_right()
    {
        var room = Upstream((Own + "backend-protocol", "HTTPS"), (Own + "proxy-ssl-secret", "up"));
        Assert.Equal(ProblemCode.UpstreamTlsInvalid, room.Backend("web").Trouble!.Code);
        foreach (var data in new (string, string)[] { ("tls.crt", Authorities), ("ca.crt", "junk"), ("other", "x") })
        {
            room.Apply(Secret("up", data));
            Assert.Equal(ProblemCode.UpstreamTlsInvalid, room.Backend("web").Trouble!.Code);
        }

        room.Apply(Secret("up", ("ca.crt", Authorities)));
        Assert.Single(room.LastChange.Backends);
        Assert.Null(room.Backend("web").Trouble);
        Assert.NotEmpty(room.Backend("web").Tls!.Authorities);
        room.Delete(Secret("up"));
        Assert.Equal(ProblemCode.UpstreamTlsInvalid, room.Backend("web").Trouble!.Code);
    }
}
