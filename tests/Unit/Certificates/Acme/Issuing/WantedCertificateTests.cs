using IngressController.Certificates.Acme;
using IngressController.Certificates.Acme.Issuing;
using IngressController.Cluster;
using IngressController.Cluster.Resources;
using IngressController.Testing;

namespace IngressController.Unit.Certificates.Acme.Issuing;

public sealed class WantedCertificateTests
{
    private static readonly Issuer Main = new("main", new("https://ca.example.com/directory"));
    private static readonly AcmeOptions Options = new([Main, Main with { Name = "other" }], new("ingress", "state"), "ingress/controller");

    [Fact]
    public void Every_entry_of_an_ingress_that_asks_is_wanted()
    {
        var ingress = Asking("shop/web").With("web", "b.example.com", "A.example.com").With("api", "api.example.com");
        var wanted = In(ingress).All;
        Assert.Equal(["shop/api: api.example.com", "shop/web: a.example.com, b.example.com"], wanted.Select(Text));
        Assert.Equal(["spec.tls[1]", "spec.tls[0]"], wanted.Select(certificate => certificate.Askers[0].Field));
        Assert.Empty(In(ingress).Problems);
    }

    [Theory]
    [InlineData("true", null, true)]
    [InlineData("false", null, false)]
    [InlineData(null, "other", true)]
    [InlineData("false", "other", false)]
    [InlineData(null, null, false)]
    [InlineData("yes", null, false)]
    public void An_ingress_asks_by_either_annotation(string? wanted, string? issuer, bool asks)
    {
        var ingress = Make.Ingress("shop/web").With("web", "a.example.com");
        ingress = wanted is null ? ingress : ingress.Annotated(AcmeAnnotations.Wanted, wanted);
        ingress = issuer is null ? ingress : ingress.Annotated(AcmeAnnotations.Issuer, issuer);
        var found = In(ingress);
        Assert.Equal(asks ? 1 : 0, found.All.Count);
        Assert.Equal(asks ? issuer ?? "main" : null, found.All.Select(certificate => certificate.Issuer.Name).FirstOrDefault());
        Assert.Equal(wanted == "yes" ? ["error AnnotationInvalid: Ingress shop/web metadata.annotations[kubernetes.io/tls-acme]: \"yes\" cannot be read. it must be \"true\" or \"false\""] : Array.Empty<string>(), Lines(found));
    }

    [Fact]
    public void An_entry_without_hosts_means_those_of_the_rules()
    {
        var ingress = Asking("shop/web").WithRule("b.example.com", "Prefix /").WithRule("a.example.com", "Prefix /").WithRule("a.example.com", "Prefix /x").WithRule(null, "Prefix /") with { Tls = [new([], "web")] };
        Assert.Equal(["shop/web: a.example.com, b.example.com"], In(ingress).All.Select(Text));
        AssertRefused("names a host", Asking("shop/web").WithRule(null, "Prefix /") with { Tls = [new([], "web")] });
    }

    [Fact]
    public void Several_ingresses_that_name_one_secret_are_one_certificate()
    {
        var (older, younger) = (Asking("shop/older", age: 2).With("web", "b.example.com"), Asking("shop/younger", age: 1).With("web", "a.example.com").Annotated(AcmeAnnotations.Issuer, "other"));
        var found = In(younger, older);
        Assert.Equal(["shop/web: a.example.com, b.example.com"], found.All.Select(Text));
        Assert.Equal("other", found.All[0].Issuer.Name); // who names none goes along
        Assert.Empty(found.Problems);
        found = In(younger, older.Annotated(AcmeAnnotations.Issuer, "main"));
        Assert.Equal("main", found.All[0].Issuer.Name);
        Assert.StartsWith("warning AcmeIssuerConflict: Ingress shop/younger spec.tls[0]: Ingress shop/older orders Secret shop/web from issuer main", Assert.Single(Lines(found)), StringComparison.Ordinal);
        Assert.Equal(2, In(older, Asking("blog/older").With("web", "c.example.com")).All.Count); // in another namespace it is another Secret
    }

    [Theory]
    [InlineData("10.0.0.1", "is an IP address")]
    [InlineData("[2001:db8::1]", "is an IP address")]
    [InlineData("a b", "is no DNS name")]
    [InlineData("", "is no DNS name")]
    [InlineData("*.example.com", "is a wildcard")]
    [InlineData("web", "is an internal name")]
    [InlineData("*.com", "is an internal name")]
    [InlineData("localhost", "is an internal name")]
    [InlineData("web.local", "is an internal name")]
    [InlineData("web.shop.svc.cluster.local", "is an internal name")]
    [InlineData("web.shop.svc", "is an internal name")]
    [InlineData("shop.test", "is an internal name")]
    [InlineData("nas.home.arpa", "is an internal name")]
    [InlineData("fritz.lan", "is an internal name")]
    [InlineData("abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijkl.example.com", "has a label of more than 63 letters")]
    public void Hosts_that_no_authority_would_take_are_never_ordered(string host, string why)
    {
        AssertRefused(why, Asking("shop/web").With("web", host, "good.example.com"));
        Assert.Empty(In(Asking("shop/web").With("web", host, "good.example.com")).All); // whole or not at all
        Assert.Single(In(Asking("shop/web").With("web", host).With("api", "good.example.com")).All); // and the others go on
    }

    [Theory]
    [InlineData("shop.localhost.example.com")]
    [InlineData("xlocal.com")]
    [InlineData("example.com")]
    public void Names_that_only_look_internal_are_ordered(string host) =>
        Assert.Equal(host.Contains('.', StringComparison.Ordinal), OrderableHost.Refuse(host, Main, Options) is null);

    [Fact]
    public void Internal_names_wildcards_and_other_domains_are_a_matter_of_the_flags()
    {
        Assert.Null(OrderableHost.Refuse("web.local", Main, Options with { AllowsInternalNames = true }));
        var dns = Main with { Challenges = [ChallengeKind.Http01, ChallengeKind.Dns01], Dns = new() { Program = "/bin/true" } };
        Assert.Null(OrderableHost.Refuse("*.example.com", dns, Options));
        Assert.NotNull(OrderableHost.Refuse("*.example.com", dns with { Dns = null }, Options));
        Assert.Equal([ChallengeKind.Dns01], OrderableHost.ProvingKinds(["*.example.com", "example.com"], dns));
        Assert.Equal([ChallengeKind.Http01, ChallengeKind.Dns01], OrderableHost.ProvingKinds(["example.com"], dns));
        var limited = Options with { AllowedDomains = ["example.com"] };
        Assert.Null(OrderableHost.Refuse("a.b.example.com", Main, limited));
        Assert.Null(OrderableHost.Refuse("example.com", Main, limited));
        Assert.Null(OrderableHost.Refuse("*.example.com", dns, limited));
        Assert.NotNull(OrderableHost.Refuse("badexample.com", Main, limited));
        Assert.NotNull(OrderableHost.Refuse("example.com.evil.org", Main, limited));
    }

    [Fact]
    public void Entries_that_cannot_be_fulfilled_say_so()
    {
        AssertRefused("names no Secret", Asking("shop/web").WithRule("a.example.com", "Prefix /") with { Tls = [new(["a.example.com"], null)] });
        AssertRefused("has no spec.tls", Asking("shop/web").WithRule("a.example.com", "Prefix /"));
        AssertRefused("is no name that a Secret can have", Asking("shop/web").With("../web", "a.example.com"));
        AssertRefused("there is no issuer \"nobody\"; there are main, other", Asking("shop/web").With("web", "a.example.com").Annotated(AcmeAnnotations.Issuer, "nobody"));
        AssertRefused("101 hosts", Asking("shop/web").With("web", [.. Enumerable.Range(0, 101).Select(number => $"h{number}.example.com")]));
        Assert.Single(In(Asking("shop/web").With("web", [.. Enumerable.Range(0, 100).Select(number => $"h{number}.example.com")])).All);
    }

    [Fact]
    public void A_host_must_be_in_a_rule_of_ours()
    {
        var unrouted = Asking("shop/web").WithRule("other.example.com", "Prefix /") with { Tls = [new(["typo.example.com"], "web")] };
        AssertRefused("typo.example.com is in no rule", unrouted);
        Assert.Single(In(unrouted.WithDefault("web:80")).All);
        Assert.Single(In(unrouted, Make.Ingress("shop/rules").WithRule("typo.example.com", "Prefix /")).All);
        Assert.Single(In(unrouted, Make.Ingress("shop/rules").WithRule("*.example.com", "Prefix /")).All);
        var all = Snapshot(unrouted, Make.Ingress("shop/rules").WithRule("typo.example.com", "Prefix /"));
        Assert.Empty(WantedCertificates.In(all, [new("shop", "web")], Options).All); // the one with the rule is not ours
    }

    [Fact]
    public void Nobody_gets_a_certificate_for_the_host_of_another_namespace()
    {
        var owner = Make.Ingress("shop/owner", age: 2).WithRule("shop.example.com", "Prefix /").WithRule("api.shop.example.com", "Prefix /");
        AssertRefused("shop.example.com belongs to the namespace shop", Asking("evil/web", age: 1).With("web", "shop.example.com"), owner);
        AssertRefused("shop.example.com belongs to the namespace shop", Asking("evil/web", age: 1).WithDefault("web:80") with { Tls = [new(["shop.example.com"], "web")] }, owner);
        Assert.Single(In(Asking("first/web", age: 3).With("web", "shop.example.com"), owner).All);
        var dns = Options with { Issuers = [Main with { Challenges = [ChallengeKind.Dns01], Dns = new() { Program = "/bin/true" } }] };
        var wildcard = Asking("evil/web", age: 1).With("web", "*.shop.example.com");
        Assert.Empty(WantedCertificates.In(Snapshot(wildcard, owner), [new("evil", "web"), new("shop", "owner")], dns).All);
        Assert.Single(WantedCertificates.In(Snapshot(wildcard), [new("evil", "web")], dns).All);
    }

    [Theory]
    [InlineData(null, null, "somebody else made it")]
    [InlineData("cert-manager.io/certificate-name", "web", "cert-manager made it")]
    [InlineData(AcmeAnnotations.Owner, "other/controller", "other/controller made it")]
    [InlineData(AcmeAnnotations.Owner, "ingress/controller", null)]
    public void What_somebody_else_made_is_left_alone_until_an_ingress_says_otherwise(string? annotation, string? value, string? why)
    {
        var annotations = annotation is null ? default : new Dictionary<string, string> { [annotation] = value! }.ToEquatableMap();
        var secret = new Secret(new Metadata("shop", "web") with { Annotations = annotations }, "kubernetes.io/tls", default);
        var ingress = Asking("shop/web").With("web", "a.example.com");
        if (why is null)
        {
            Assert.Single(In(ingress, secret).All);
            return;
        }

        AssertRefused(why, ingress, secret);
        Assert.Contains("kubectl -n shop annotate ingress web yarp.ingress.kubernetes.io/acme-take-over=true", In(ingress, secret).Problems[0].Cure, StringComparison.Ordinal);
        Assert.True(In(ingress.Annotated(AcmeAnnotations.TakeOver, "true"), secret).All.Single().TakesOver);
    }

    [Fact]
    public void In_whatever_order_the_objects_come_the_same_is_wanted()
    {
        List<IResource> objects =
        [
            .. Enumerable.Range(0, 12).Select(number => Asking($"n{number % 3}/i{number}", age: number % 4).With($"s{number % 5}", $"h{number}.example.com", $"h{number % 7}.example.com")
                .Annotated(AcmeAnnotations.Issuer, number % 2 == 0 ? "main" : "other")),
            Asking("n0/bad").With("s0", "bad.local"),
        ];
        var expected = In([.. objects]);
        Assert.NotEmpty(expected.All);
        Assert.NotEmpty(expected.Refused);
        var random = new Random(1);
        for (var round = 0; round < 20; round++)
        {
            Assert.Equal(expected, In([.. objects.OrderBy(_ => random.Next())]));
        }
    }

    private static Ingress Asking(string name, int age = 0) => Make.Ingress(name, age).Annotated(AcmeAnnotations.Wanted, "true");

    private static string Text(WantedCertificate wanted) => $"{wanted.Secret}: {string.Join(", ", wanted.Hosts)}";

    private static IEnumerable<string> Lines(WantedCertificates found) => found.Problems.Select(problem => problem.ToString());

    private static void AssertRefused(string why, params IResource[] objects)
    {
        var found = In(objects);
        Assert.Contains(found.Problems, problem => problem.Code == ProblemCode.AcmeRefused && problem.Severity == Severity.Error && problem.Message.Contains(why, StringComparison.Ordinal) && problem.Cure.Length > 0);
    }

    private static ClusterSnapshot Snapshot(params IResource[] objects)
    {
        var store = new ClusterStore();
        store.Apply(Make.Changes(objects));
        return store.Current;
    }

    private static WantedCertificates In(params IResource[] objects) => WantedCertificates.In(Snapshot(objects), objects.OfType<Ingress>().Select(ingress => ingress.Metadata.Name), Options);
}

file static class Entries
{
    /// <summary>With rules for them, as most have.</summary>
    public static Ingress With(this Ingress ingress, string secret, params string[] hosts) =>
        hosts.Aggregate(ingress, (made, host) => made.WithRule(host, "Prefix /")) with { Tls = [.. ingress.Tls, new(hosts.ToEquatableArray(), secret)] };
}
