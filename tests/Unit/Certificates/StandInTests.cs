using IngressController.Cluster;
using IngressController.Cluster.Resources;
using IngressController.Routing.Model;
using IngressController.Testing;
using IngressController.Testing.Tls;

namespace IngressController.Unit.Certificates;

/// <summary>The wildcard's certificate stands in where a host's own cannot serve.</summary>
public sealed class StandInTests : IDisposable
{
    private readonly CertificateRoom room = new();
    private readonly TestCertificate wildcard;

    public StandInTests()
    {
        wildcard = room.Authority.Server("*.test");
        room.Apply(CertificateRoom.Ingress("wild", "*.test"), CertificateRoom.Ingress("own", "a.test"), CertificateRoom.Secret("wild", wildcard));
    }

    public void Dispose() => room.Dispose();

    [Fact]
    public void For_a_secret_that_is_missing_bad_or_not_for_the_host()
    {
        Assert.Equal((wildcard.Serial, "default/wild"), Shown());
        foreach (var bad in new[]
        {
            CertificateRoom.Secret("own", "", ""), CertificateRoom.Secret("own", room.Authority.Server("b.test")), CertificateRoom.Secret("own", room.Authority.Server(TimeSpan.FromHours(-1), "a.test")),
        })
        {
            room.Apply(bad);
            Assert.Equal((wildcard.Serial, "default/wild"), Shown());
            Assert.Contains(room.Problems, problem => problem.Contains("Secret default/own", StringComparison.Ordinal));
        }

        var good = room.Authority.Server("a.test");
        room.Apply(CertificateRoom.Secret("own", good));
        Assert.Equal((good.Serial, "default/own"), Shown());
        Assert.Empty(room.Problems);
    }

    [Fact]
    public void Only_as_long_as_it_is_good_itself()
    {
        var (mine, theirs) = (room.Authority.Server(TimeSpan.FromDays(10), "a.test"), room.Authority.Server(TimeSpan.FromDays(20), "*.test"));
        room.Apply(CertificateRoom.Secret("own", mine), CertificateRoom.Secret("wild", theirs));
        Assert.Equal(mine.Serial, room.Serial("a.test"));
        Pass(TimeSpan.FromDays(11));
        Assert.Equal(theirs.Serial, room.Serial("a.test"));
        Pass(TimeSpan.FromDays(10));
        Assert.Equal((mine.Serial, theirs.Serial), (room.Serial("a.test"), room.Serial("b.test"))); // the owner sees which one it is
    }

    [Fact]
    public void Not_the_one_for_any_host_of_which_nobody_knows_whom_it_is_for()
    {
        var (any, foreign) = (room.Authority.Server("elsewhere.org"), room.Authority.Server("b.test"));
        room.Delete(CertificateRoom.Ingress("wild", "*.test"));
        room.Apply(
            Make.Ingress("any").WithRule(null, "Prefix /") with { Tls = [new([], "any")] }, CertificateRoom.Secret("any", any), CertificateRoom.Secret("own", foreign));
        Assert.Equal((foreign.Serial, any.Serial), (room.Serial("a.test"), room.Serial("b.test")));
    }

    [Fact]
    public void Not_that_of_a_younger_wildcard_of_another_namespace()
    {
        var ended = room.Authority.Server(TimeSpan.FromHours(-1), "a.test");
        var (theirs, wild) = (room.Authority.Server("*.test"), Make.Ingress("evil/wild") with { Tls = [new(["*.test"], "theirs")] });
        room.Delete(CertificateRoom.Ingress("wild", "*.test"));
        room.Apply(CertificateRoom.Secret("own", ended), wild, CertificateRoom.Secret("theirs", theirs) with { Metadata = new("evil", "theirs") });
        Assert.Equal((ended.Serial, theirs.Serial), (room.Serial("a.test"), room.Serial("b.test")));

        room.Apply(CertificateRoom.Ingress("wild", "*.test") with { Metadata = Make.Ingress("mine", age: 9).Metadata });
        Assert.Equal(wildcard.Serial, room.Serial("a.test")); // the older one decides about the wildcard
        room.Delete(CertificateRoom.Ingress("wild", "*.test") with { Metadata = Make.Ingress("mine", age: 9).Metadata });
        Assert.Equal(ended.Serial, room.Serial("a.test"));
        room.Delete(wild);
        Assert.Equal(ended.Serial, room.Serial("a.test"));
    }

    [Fact]
    public void For_a_good_one_of_a_younger_ingress_of_another_namespace_too()
    {
        var (theirs, rules) = (room.Authority.Server("c.test"), Make.Ingress("of-c", age: 9).WithRule("c.test", "Prefix /"));
        room.Apply(
            CertificateRoom.Ingress("wild", "*.test") with { Metadata = Make.Ingress("of-wild", age: 9).Metadata }, rules,
            Make.Ingress("evil/new").WithRule("c.test", "Prefix /evil") with { Tls = [new(["c.test"], "theirs")] },
            CertificateRoom.Secret("theirs", theirs) with { Metadata = new("evil", "theirs") });
        Assert.Equal(wildcard.Serial, room.Serial("c.test"));
        room.Apply(CertificateRoom.Secret("wild", "", ""));
        Assert.Equal(theirs.Serial, room.Serial("c.test"));
        room.Apply(CertificateRoom.Secret("wild", wildcard));
        room.Delete(rules);
        Assert.Equal(theirs.Serial, room.Serial("c.test"));
    }

    private (string Serial, string? Secret) Shown() => (room.Serial("a.test"), HostName.TryParse("a.test", out var host) ? room.Store.SecretFor(host)?.ToString() : null);

    private void Pass(TimeSpan time)
    {
        room.Clock.Advance(time);
        room.Store.Judge();
    }
}
