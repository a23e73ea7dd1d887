using IngressController.Certificates.Acme;
using IngressController.Certificates.Acme.Issuing;
using IngressController.Cluster;
using IngressController.Cluster.Resources;
using IngressController.Testing;

namespace IngressController.Unit.Certificates.Acme.Issuing;

/// <summary>A wildcard passes for every host below its domain, so whoever gets one must be the only one there.</summary>
public sealed class HostRulesTests
{
    private const string Wildcard = "*.apps.example.com";

    private static readonly AcmeOptions Options = new(
        [new("main", new("https://ca.example.com/directory")) { Challenges = [ChallengeKind.Dns01], Dns = new() { Program = "/bin/true" } }], new("ingress", "state"), "ingress/controller");

    [Theory]
    [InlineData("b.apps.example.com")]
    [InlineData("B.Apps.example.com")]
    [InlineData(Wildcard)]
    public void Who_shares_a_domain_with_another_namespace_gets_no_wildcard_of_it_however_old_it_is(string theirs)
    {
        var refused = Assert.Single(In(Wanting("one/web", age: 9).WithRule("a.apps.example.com", "Prefix /").WithRule(Wildcard, "Prefix /"), Make.Ingress("two/web", age: 1).WithRule(theirs, "Prefix /")).Refused);
        Assert.Equal($"{Wildcard} would cover hosts of the namespace two: Ingress two/web has a rule for one of them", refused.Why);
    }

    [Fact]
    public void Who_has_the_hosts_of_a_domain_alone_gets_its_wildcard()
    {
        var found = In(
            Wanting("one/web", age: 1).WithRule("a.apps.example.com", "Prefix /"), Make.Ingress("one/api", age: 9).WithRule("b.apps.example.com", "Prefix /"),
            Make.Ingress("two/web", age: 9).WithRule("apps.example.com", "Prefix /").WithRule("deep.a.apps.example.com", "Prefix /").WithRule("*.example.com", "Prefix /").WithRule(null, "Prefix /"));
        Assert.Single(found.All);
        Assert.Empty(found.Problems);
    }

    [Fact]
    public void An_ingress_that_takes_any_host_gets_no_wildcard_by_that()
    {
        Assert.Contains("is in no rule", Assert.Single(In(Wanting("one/web").WithDefault("web:80")).Refused).Why, StringComparison.Ordinal);
        Assert.Contains("is in no rule", Assert.Single(In(Wanting("one/web").WithRule(null, "Prefix /")).Refused).Why, StringComparison.Ordinal);
    }

    [Fact]
    public void The_secret_with_accounts_and_orders_is_no_place_for_a_certificate()
    {
        var ingress = Make.Ingress("ingress/web").Annotated(AcmeAnnotations.Wanted, "true").Annotated(AcmeAnnotations.TakeOver, "true").WithRule("a.example.com", "Prefix /");
        Assert.Contains("accounts and orders", Assert.Single(In(ingress with { Tls = [new(["a.example.com"], "state")] }).Refused).Why, StringComparison.Ordinal);
        Assert.Single(In(ingress with { Metadata = new("shop", "web") { Annotations = ingress.Metadata.Annotations }, Tls = [new(["a.example.com"], "state")] }).All); // another namespace
    }

    private static Ingress Wanting(string name, int age = 0) => Make.Ingress(name, age).Annotated(AcmeAnnotations.Wanted, "true") with { Tls = [new([Wildcard], "web")] };

    private static WantedCertificates In(params IResource[] objects)
    {
        var store = new ClusterStore();
        store.Apply(Make.Changes(objects));
        return WantedCertificates.In(store.Current, store.Current.Ingresses.Keys, Options);
    }
}
