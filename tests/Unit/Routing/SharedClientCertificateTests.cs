using IngressController.Cluster;
using IngressController.Cluster.Resources;
using IngressController.Routing.Model;
using IngressController.Testing;
using static IngressController.Unit.Routing.TlsObjects;

namespace IngressController.Unit.Routing;

/// <summary>Several Ingresses ask the clients of one host for certificates.</summary>
public sealed class SharedClientCertificateTests
{
    private const string Optional = "auth-tls-verify-client=optional";

    [Theory]
    [InlineData("", Optional)]
    [InlineData("", "auth-tls-verify-client=optional_no_ca")]
    [InlineData("", "auth-tls-verify-client=on auth-tls-match-cn=CN=admin")]
    [InlineData("", "auth-tls-verify-depth=0")]
    [InlineData(Optional, "")]
    [InlineData(Optional, "auth-tls-verify-client=on")]
    [InlineData(Optional, "auth-tls-verify-client=optional_no_ca")]
    [InlineData("auth-tls-match-cn=CN=admin", "")]
    [InlineData("auth-tls-match-cn=CN=admin", "auth-tls-match-cn=CN=root")]
    [InlineData("auth-tls-verify-depth=0", "auth-tls-verify-depth=2")]
    [InlineData("auth-tls-secret=ca", "auth-tls-secret=other-ca")]
    public void A_younger_ingress_that_asks_for_other_certificates_closes_its_own_paths(string older, string younger)
    {
        var room = Room(Asking("old", "/", 9, older), Asking("new", "/admin", 1, younger));
        Assert.Equal("old web:80", room.Answer("a.test", "/"));
        Assert.Equal("new AnnotationRefused", room.Answer("a.test", "/admin"));
        var problem = Assert.Single(room.Translation.Problems);
        Assert.Equal((ProblemCode.TlsConflict, Severity.Error, "default/new"), (problem.Code, problem.Severity, problem.Object!.Value.Name.ToString()));
        Assert.Contains("Ingress default/old, which is older", problem.Message, StringComparison.Ordinal);
        Assert.NotEmpty(problem.Cure);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("", "auth-tls-verify-client=on auth-tls-verify-depth=1")] // the defaults
    [InlineData("auth-tls-secret=ca", "auth-tls-secret=default/ca")]
    [InlineData(Optional + " auth-tls-match-cn=CN=a", Optional + " auth-tls-match-cn=CN=a")]
    public void Who_asks_for_the_same_is_served(string older, string younger)
    {
        var room = Room(Asking("old", "/", 9, older), Asking("new", "/admin", 1, younger));
        Assert.Equal("new web:80", room.Answer("a.test", "/admin"));
        Assert.Empty(room.Translation.Problems);
    }

    [Theory]
    [InlineData("auth-tls-error-page=https://help.test/")]
    [InlineData("auth-tls-pass-certificate-to-upstream=true")]
    public void Settings_by_which_nobody_comes_in_are_the_oldests_and_close_nothing(string younger)
    {
        var room = Room(Asking("old", "/", 9), Asking("new", "/admin", 1, younger));
        Assert.Equal("new web:80", room.Answer("a.test", "/admin"));
        var problem = Assert.Single(room.Translation.Problems);
        Assert.Equal((ProblemCode.TlsConflict, Severity.Warning), (problem.Code, problem.Severity));
        Assert.EndsWith($"differs in {younger[..younger.IndexOf('=', StringComparison.Ordinal)]}; what that one says holds", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_asks_for_nothing_follows_the_host()
    {
        var room = Room(
            Make.Ingress("oldest", age: 10).WithRule("a.test", "Prefix /open web:80"), Asking("old", "/", 9), Asking("off", "/off", 1, "auth-tls-verify-client=off"),
            Make.Ingress("new").WithRule("a.test", "Prefix /new web:80"), Make.Ingress("evil/new").WithRule("a.test", "Prefix /evil web:80"));
        Assert.Equal(["oldest web:80", "off web:80", "new web:80", "new web:80"], from path in new[] { "/open", "/off", "/new", "/evil" } select room.Answer("a.test", path));
        Assert.Equal(ClientCertificateUse.Required, Tls(room, "a.test")!.Clients!.Use);
        Assert.Empty(room.Translation.Problems);
    }

    [Fact]
    public void When_the_oldest_goes_the_next_decides_and_who_differs_from_that_is_closed()
    {
        var old = Asking("old", "/", 9, Optional);
        var room = Room(old, Asking("next", "/next", 5), Asking("same", "/same", 4), Asking("last", "/last", 1, Optional));
        Assert.Equal(["next AnnotationRefused", "same AnnotationRefused", "last web:80"], Answers());
        room.Delete(old);
        Assert.Equal(["next web:80", "same web:80", "last AnnotationRefused"], Answers());
        Assert.Contains(Host("a.test"), room.LastChange.Hosts);
        Assert.Equal(ClientCertificateUse.Required, Tls(room, "a.test")!.Clients!.Use);
        room.Apply(old);
        Assert.Equal(["next AnnotationRefused", "same AnnotationRefused", "last web:80"], Answers());
        room.Apply(Make.Ingress("old", age: 9).WithRule("a.test", "Prefix / web:80"));
        Assert.Equal(["next web:80", "same web:80", "last AnnotationRefused"], Answers());

        string[] Answers() => [room.Answer("a.test", "/next"), room.Answer("a.test", "/same"), room.Answer("a.test", "/last")];
    }

    [Fact]
    public void At_the_same_age_the_first_by_name_decides()
    {
        var room = Room(Asking("b", "/b", 0), Asking("a", "/a", 0, Optional));
        Assert.Equal(("a web:80", "b AnnotationRefused"), (room.Answer("a.test", "/a"), room.Answer("a.test", "/b")));
        Assert.Equal(ClientCertificateUse.Optional, Tls(room, "a.test")!.Clients!.Use);
    }

    [Fact]
    public void Another_namespace_is_closed_even_where_the_host_asks_for_certificates_too()
    {
        var room = Room(Asking("shop/old", "/", 9, "auth-tls-secret=shop/ca"), Asking("evil/new", "/y", 1, "auth-tls-secret=evil/ca"));
        Assert.Equal(("old web:80", "new AnnotationRefused"), (room.Answer("a.test", "/"), room.Answer("a.test", "/y")));
        Assert.Equal(new("shop", "ca"), Tls(room, "a.test")!.Clients!.Secret);
        Assert.Contains(room.Translation.Problems, problem => problem is { Code: ProblemCode.TlsConflict, Severity: Severity.Error, Object.Name.Namespace: "evil" });
    }

    [Fact]
    public void Of_an_ingress_with_patterns_nobody_knows_what_it_protects_so_its_namespace_is_closed_with_it()
    {
        var room = Room(
            Asking("old", "/", 9, Optional), Asking("new", "/admin", 1, "auth-tls-verify-client=on use-regex=true"), Make.Ingress("other/one").WithRule("a.test", "Prefix /other web:80"));
        Assert.Equal(["old AnnotationRefused", "new AnnotationRefused", "one web:80"], from path in new[] { "/", "/admin", "/other" } select room.Answer("a.test", path));
    }

    [Fact]
    public void A_default_backend_is_closed_with_the_paths()
    {
        var room = Room(
            Make.Ingress("old", age: 9).WithRule("a.test", "Exact /x web:80").Annotated(Nginx + "auth-tls-secret", "ca").Annotated(Nginx + "auth-tls-verify-client", "optional"),
            Asking("new", "/y", 1).WithDefault("web:80"));
        Assert.Equal("new AnnotationRefused", room.Answer("a.test", "/anything"));
    }

    private static HostName Host(string text) => HostName.TryParse(text, out var name) ? name : throw new ArgumentException(text, nameof(text));

    private static RoutingRoom Room(params IEnumerable<IResource> ingresses) => RoutingRoom.With(
        [
            .. ingresses, Secret("ca", ("ca.crt", Authorities)), Secret("other-ca", ("ca.crt", Authorities)),
            .. from space in new[] { "default", "other", "evil", "shop" } from item in new IResource[] { Make.Service($"{space}/web", "80"), Make.Slice($"{space}/web", "80", "10.0.0.1") } select item,
        ]);

    /// <summary>By the Secret <c>ca</c>, if the settings (<c>name=value</c>) do not say another.</summary>
    private static Ingress Asking(string name, string path, int age, string settings = "")
    {
        var ingress = Make.Ingress(name, age).WithRule("a.test", $"Prefix {path} web:80");
        var pairs = settings.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(setting => setting.Split('=', 2)).Select(pair => (Name: pair[0], Value: pair[1])).ToList();
        var all = pairs.Any(pair => pair.Name == "auth-tls-secret") ? pairs : [("auth-tls-secret", "ca"), .. pairs];
        return all.Aggregate(ingress, (made, pair) => made.Annotated(Nginx + pair.Name, pair.Value));
    }
}
