using System.Security.Cryptography.X509Certificates;
using IngressController.Cluster;
using IngressController.Cluster.Resources;
using IngressController.Routing.Model;
using IngressController.Routing.Translation;
using IngressController.Testing;
using static IngressController.Unit.Routing.TlsObjects;

namespace IngressController.Unit.Routing;

public sealed class TlsTranslationTests
{
    [Fact]
    public void A_host_has_the_secrets_of_every_entry_that_names_it_in_order()
    {
        var room = RoutingRoom.With(Shop("a.test") with { Tls = [new(["a.test"], "rsa"), new(["b.test", "a.test"], "ecdsa")] });
        Assert.Equal(["default/rsa spec.tls[0]", "default/ecdsa spec.tls[1]"], Sources(room, "a.test"));
        Assert.Equal(["default/ecdsa spec.tls[1]"], Sources(room, "b.test"));
        Assert.True(Tls(room, "b.test")!.IsAskedFor);
    }

    [Fact]
    public void An_entry_without_hosts_is_for_all_hosts_of_the_rules()
    {
        var room = RoutingRoom.With(Shop("a.test").WithRule("b.test", "Prefix /") with { Tls = [new([], "all")] });
        Assert.Equal(["default/all spec.tls[0]"], Sources(room, "a.test"));
        Assert.Equal(["default/all spec.tls[0]"], Sources(room, "b.test"));
        Assert.True(Tls(room, "a.test")!.IsAskedFor);
    }

    [Fact]
    public void An_entry_without_secret_asks_for_tls_with_the_default_certificate()
    {
        var room = RoutingRoom.With(Shop("a.test") with { Tls = [new(["a.test"], null)] });
        Assert.Empty(Sources(room, "a.test"));
        Assert.True(Tls(room, "a.test")!.IsAskedFor);
    }

    [Fact]
    public void A_rule_that_no_entry_names_has_what_covers_it()
    {
        var room = RoutingRoom.With(Shop("a.test") with { Tls = [new(["b.test"], "other")] });
        Assert.Equal(["default/other spec.tls[0] if covering"], Sources(room, "a.test"));
        Assert.False(Tls(room, "a.test")!.IsAskedFor);
    }

    [Fact]
    public void Another_namespace_adds_no_certificate_to_a_host_of_an_older_ingress()
    {
        var room = RoutingRoom.With(
            Make.Ingress("shop/old", age: 9).WithRule("a.test", "Prefix /") with { Tls = [new(["a.test"], "mine")] },
            Make.Ingress("shop/also", age: 5).WithRule("a.test", "Prefix /x") with { Tls = [new(["a.test"], "second")] },
            Make.Ingress("evil/new").WithRule("a.test", "Prefix /y") with { Tls = [new(["a.test"], "theirs")] });
        Assert.Equal(["shop/mine spec.tls[0]", "shop/second spec.tls[0]"], Sources(room, "a.test"));
        Assert.Equal("evil", Assert.Single(room.Translation.Problems, problem => problem.Code == ProblemCode.TlsConflict).Object!.Value.Name.Namespace);
    }

    [Fact]
    public void Secrets_in_use_are_in_the_model_and_what_changes_is_told()
    {
        var room = RoutingRoom.With(Shop("a.test") with { Tls = [new(["a.test"], "cert")] }, Secret("unused", ("tls.crt", "x")));
        Assert.Empty(room.Translation.Model.Certificates);
        room.Apply(Secret("cert", ("tls.crt", "x")));
        Assert.Equal([Name("cert")], room.LastChange.Certificates);
        Assert.Empty(room.LastChange.Tls);
        Assert.True(room.Translation.Model.Certificates.ContainsKey(Name("cert")));
        room.Apply(Secret("unused", ("tls.crt", "y")));
        Assert.Empty(room.LastChange.Certificates);
        room.Delete(Shop("a.test"));
        Assert.Equal([Name("cert")], room.LastChange.Certificates);
        Assert.Empty(room.Translation.Model.Certificates);
        Assert.Empty(room.Translation.Model.Tls);
    }

    [Fact]
    public void The_default_certificate_is_in_the_model_without_any_ingress()
    {
        var room = RoutingRoom.With(new TranslationOptions { DefaultTlsSecret = Name("default-tls") }, Secret("default-tls", ("tls.crt", "x")));
        Assert.Equal(Name("default-tls"), room.Translation.Model.DefaultCertificate);
        Assert.Equal([Name("default-tls")], room.LastChange.Certificates);
    }

    [Fact]
    public void A_wildcard_or_strange_host_of_an_entry_is_taken_or_told()
    {
        var room = RoutingRoom.With(Shop("a.test") with { Tls = [new(["*.test", "", "a..test", "10.0.0.1"], "cert")] });
        Assert.NotNull(Tls(room, "*.test"));
        Assert.Equal(3, room.Translation.Problems.Count(problem => problem is { Code: ProblemCode.HostInvalid, Field: "spec.tls[0].hosts" }));
    }

    [Fact]
    public void Client_authorities_come_from_the_secret_and_follow_it()
    {
        var room = RoutingRoom.With(Shop("a.test").Annotated(Nginx + "auth-tls-secret", "default/ca"));
        Assert.Equal(ProblemCode.ClientAuthoritiesInvalid, Tls(room, "a.test")!.Clients!.Refusal);
        Assert.Contains(room.Translation.Problems, problem => problem.Code == ProblemCode.ClientAuthoritiesInvalid);
        room.Apply(Secret("ca", ("ca.crt", "no certificate")));
        Assert.Equal(ProblemCode.ClientAuthoritiesInvalid, Tls(room, "a.test")!.Clients!.Refusal);
        room.Apply(Secret("ca", ("ca.crt", Authorities), ("ca.crl", Lists)));
        Assert.Single(room.LastChange.Tls);
        var clients = Tls(room, "a.test")!.Clients!;
        Assert.Equal((null, ClientCertificateUse.Required, 1), (clients.Refusal, clients.Use, clients.Depth));
        Assert.Equal(Lists.Length, clients.RevocationLists.Count);
        Assert.DoesNotContain(room.Translation.Problems, problem => problem.Code == ProblemCode.ClientAuthoritiesInvalid);
    }

    [Theory]
    [InlineData("list", "it holds no lists in PEM")]
    [InlineData("-----BEGIN X509 CRL-----\nMAA=\n-----END X509 CRL-----", "a revocation list cannot be read")]
    public void A_revocation_list_that_cannot_be_read_closes_the_host_and_is_said(string list, string why)
    {
        var room = RoutingRoom.With(Shop("a.test").Annotated(Nginx + "auth-tls-secret", "default/ca"), Secret("ca", ("ca.crt", Authorities), ("ca.crl", list)));
        Assert.Equal(ProblemCode.ClientAuthoritiesInvalid, Tls(room, "a.test")!.Clients!.Refusal);
        var problem = Assert.Single(room.Translation.Problems, problem => problem.Code == ProblemCode.ClientAuthoritiesInvalid);
        Assert.StartsWith($"Secret default/ca has a ca.crl that cannot be used ({why}", problem.Message, StringComparison.Ordinal);
        Assert.Contains("Mend ca.crl", problem.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Another_namespace_asks_nothing_of_the_clients_of_a_host_and_closes_its_own_paths_only()
    {
        var old = Make.Ingress("shop/old", age: 9).WithRule("a.test", "Prefix / web:80");
        var room = RoutingRoom.With(old, Make.Ingress("evil/new").WithRule("a.test", "Prefix /y web:80").Annotated(Nginx + "auth-tls-secret", "evil/ca"));
        Assert.Null(Tls(room, "a.test")?.Clients);
        Assert.Equal("old web:80", room.Answer("a.test", "/"));
        Assert.Equal("new AnnotationRefused", room.Answer("a.test", "/y"));
        Assert.Equal("evil", Assert.Single(room.Translation.Problems, problem => problem.Code == ProblemCode.TlsConflict).Object!.Value.Name.Namespace);
        room.Delete(old);
        Assert.NotNull(Tls(room, "a.test")!.Clients);
        Assert.Equal("new web:80", room.Answer("a.test", "/y"));
    }

    [Fact]
    public void Passthrough_goes_to_the_backend_of_the_root_path_or_nowhere()
    {
        var room = RoutingRoom.With(
            Make.Ingress("a").WithRule("a.test", "Prefix /x other:80", "Prefix / web:443").Annotated(Nginx + "ssl-passthrough", "true"),
            Make.Ingress("b").WithRule("b.test", "Prefix /x other:80").Annotated(Nginx + "ssl-passthrough", "true"));
        Assert.Equal("default/web:443", Tls(room, "a.test")!.Passthrough!.Backend!.ToString());
        Assert.Null(Tls(room, "b.test")!.Passthrough!.Backend);
    }

    [Fact]
    public void Another_namespace_takes_no_connections_away_from_an_older_ingress()
    {
        var old = Make.Ingress("shop/old", age: 9).WithRule("a.test", "Prefix /");
        var evil = Make.Ingress("evil/new").WithRule("a.test", "Prefix /y", "Prefix / theirs:443").Annotated(Nginx + "ssl-passthrough", "true");
        var room = RoutingRoom.With(evil);
        Assert.NotNull(Tls(room, "a.test")!.Passthrough);
        room.Apply(old);
        Assert.Null(Tls(room, "a.test")?.Passthrough);
        Assert.Equal("evil", Assert.Single(room.Translation.Problems, problem => problem.Code == ProblemCode.TlsConflict).Object!.Value.Name.Namespace);
        room.Delete(old);
        Assert.NotNull(Tls(room, "a.test")!.Passthrough);
    }

    [Fact]
    public void Another_namespace_sets_no_certificate_where_an_older_ingress_asks_for_the_default_one()
    {
        var room = RoutingRoom.With(
            Make.Ingress("shop/old", age: 9).WithRule("a.test", "Prefix /") with { Tls = [new(["a.test"], null)] },
            Make.Ingress("evil/new").WithRule("a.test", "Prefix /y") with { Tls = [new(["a.test"], "theirs")] });
        Assert.Empty(Sources(room, "a.test"));
        Assert.Contains(room.Translation.Problems, problem => problem.Code == ProblemCode.TlsConflict);
    }

    [Fact]
    public void Passthrough_and_client_certificates_together_close_the_host()
    {
        var room = RoutingRoom.With(Shop("a.test").Annotated(Nginx + "ssl-passthrough", "true").Annotated(Nginx + "auth-tls-secret", "ca"), Secret("ca", ("ca.crt", Authorities)));
        Assert.Equal(new TlsPassthrough(null), Tls(room, "a.test")!.Passthrough);
        Assert.Contains(room.Translation.Problems, problem => problem.Code == ProblemCode.TlsConflict);
    }

    [Fact]
    public void A_default_backend_of_all_hosts_is_closed_where_clients_should_show_certificates()
    {
        var ingress = Make.Ingress("all").Annotated(Nginx + "auth-tls-secret", "ca") with { DefaultBackend = Shop("a.test").Rules[0].Paths[0].Backend };
        var room = RoutingRoom.With(ingress, Secret("ca", ("ca.crt", Authorities)));
        Assert.Equal("all AnnotationRefused", room.Answer("any.test", "/"));
        Assert.Contains(room.Translation.Problems, problem => problem.Code == ProblemCode.AnnotationRefused);
    }

    [Fact]
    public void A_certificate_with_a_key_that_the_platform_lacks_is_trouble_of_its_backend_alone()
    {
        using var issuer = System.Security.Cryptography.ECDsa.Create();
        var key = new PublicKey(new("2.16.840.1.101.3.4.3.17"), null, new([1, 2, 3])); // ML-DSA-44
        using var certificate = new CertificateRequest(new("CN=a"), key, System.Security.Cryptography.HashAlgorithmName.SHA256).Create(
            new("CN=b"), X509SignatureGenerator.CreateForECDsa(issuer), TimeProvider.System.GetUtcNow(), TimeProvider.System.GetUtcNow().AddDays(1), [1]);
        var room = Upstream((Own + "backend-protocol", "HTTPS"), (Own + "proxy-ssl-secret", "up"));
        room.Apply(Secret("up", ("tls.crt", certificate.ExportCertificatePem()), ("tls.key", issuer.ExportPkcs8PrivateKeyPem())));
        Assert.Equal(ProblemCode.UpstreamTlsInvalid, room.Backend("web").Trouble!.Code);
    }

    [Fact]
    public void Steps_lead_where_a_fresh_start_leads()
    {
        IResource[] objects =
        [
            Make.IngressClass(), Shop("a.test").Annotated(Nginx + "auth-tls-secret", "ca") with { Tls = [new(["a.test"], "cert")] },
            Make.Ingress("younger", age: -1).WithRule("a.test", "Prefix /y") with { Tls = [new(["a.test", "*.test"], "second")] },
            Secret("ca", ("ca.crt", Authorities)), Secret("cert", ("tls.crt", "1")), Secret("second", ("tls.crt", "2")),
        ];
        var steps = new RoutingRoom();
        foreach (var item in objects.Reverse())
        {
            steps.Apply(item);
        }

        steps.Delete(objects[2], objects[4]);
        steps.Apply(objects[4], objects[2]);
        var fresh = new RoutingRoom();
        fresh.Apply(objects);
        Assert.Equal(fresh.Translation.Model.Tls.OrderBy(pair => pair.Key), steps.Translation.Model.Tls.OrderBy(pair => pair.Key));
        Assert.Equal(fresh.Translation.Model.Certificates.Keys.Order(), steps.Translation.Model.Certificates.Keys.Order());
        Assert.Equal(fresh.Translation.Problems, steps.Translation.Problems);
    }
}
