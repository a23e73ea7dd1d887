using IngressController.Cluster;
using IngressController.Testing;

namespace IngressController.Unit.Certificates;

public sealed class SelectionTests : IDisposable
{
    private readonly CertificateRoom room = new("fallback");

    public void Dispose() => room.Dispose();

    [Fact]
    public void Exact_name_before_wildcard_of_one_label_before_default_before_self_signed()
    {
        var selfSigned = room.Serial("a.test");
        var (exact, wildcard, fallback) = (room.Authority.Server("a.x.test"), room.Authority.Server("*.x.test"), room.Authority.Server("fallback.test"));
        room.Apply(CertificateRoom.Ingress("exact", "a.x.test"), CertificateRoom.Secret("exact", exact));
        room.Apply(CertificateRoom.Ingress("wild", "*.x.test"), CertificateRoom.Secret("wild", wildcard));
        Assert.Equal([exact.Serial, wildcard.Serial, selfSigned, selfSigned, selfSigned], Served());
        room.Apply(CertificateRoom.Secret("fallback", fallback));
        Assert.Equal([exact.Serial, wildcard.Serial, fallback.Serial, fallback.Serial, fallback.Serial], Served());
        room.Delete(CertificateRoom.Secret("fallback", fallback), CertificateRoom.Secret("exact", exact));
        Assert.Equal([wildcard.Serial, wildcard.Serial, selfSigned, selfSigned, selfSigned], Served());

        string[] Served() => [room.Serial("A.x.test."), room.Serial("b.x.test"), room.Serial("c.b.x.test"), room.Serial("x.test"), room.Serial("")];
    }

    [Fact]
    public void A_client_that_takes_no_ecdsa_has_the_rsa_certificate_of_the_host()
    {
        var (rsa, ecdsa) = (room.Authority.RsaServer("a.test"), room.Authority.Server("a.test"));
        room.Apply(
            Make.Ingress("a").WithRule("a.test", "Prefix /") with { Tls = [new(["a.test"], "rsa"), new(["a.test"], "ecdsa")] },
            CertificateRoom.Secret("rsa", rsa),
            CertificateRoom.Secret("ecdsa", ecdsa));
        Assert.Equal((ecdsa.Serial, rsa.Serial), (room.Serial("a.test"), room.Serial("a.test", takesEcdsa: false)));
    }

    [Fact]
    public void One_secret_serves_many_hosts_and_may_come_later()
    {
        var certificate = room.Authority.Server("*.test");
        room.Apply(CertificateRoom.Ingress("late", "a.test", "b.test"));
        Assert.NotEqual(certificate.Serial, room.Serial("a.test"));
        room.Apply(CertificateRoom.Secret("late", certificate));
        Assert.Equal((certificate.Serial, certificate.Serial), (room.Serial("a.test"), room.Serial("b.test")));
        Assert.All(room.Problems, problem => Assert.Contains("fallback", problem, StringComparison.Ordinal));
    }

    [Fact]
    public void A_wrong_certificate_is_served_only_where_there_is_no_good_one()
    {
        var (ended, foreign, good) = (room.Authority.Server(TimeSpan.FromDays(-1), "a.test"), room.Authority.Server("b.test"), room.Authority.RsaServer("a.test"));
        room.Apply(
            Make.Ingress("a").WithRule("a.test", "Prefix /") with { Tls = [new(["a.test"], "ended"), new(["a.test"], "foreign"), new(["a.test"], "good")] },
            CertificateRoom.Secret("ended", ended),
            CertificateRoom.Secret("foreign", foreign));
        Assert.Equal(ended.Serial, room.Serial("a.test"));
        room.Apply(CertificateRoom.Secret("good", good));
        Assert.Equal((good.Serial, good.Serial), (room.Serial("a.test"), room.Serial("a.test", takesEcdsa: false)));
    }

    [Fact]
    public void When_a_certificate_ends_the_next_good_one_takes_over_without_any_change()
    {
        var (first, second) = (room.Authority.Server(TimeSpan.FromDays(30), "a.test"), room.Authority.Server("a.test"));
        room.Apply(
            Make.Ingress("a").WithRule("a.test", "Prefix /") with { Tls = [new(["a.test"], "first"), new(["a.test"], "second")] },
            CertificateRoom.Secret("first", first),
            CertificateRoom.Secret("second", second));
        Assert.Equal(first.Serial, room.Serial("a.test"));
        room.Clock.Advance(TimeSpan.FromDays(31));
        room.Store.Judge();
        Assert.Equal(second.Serial, room.Serial("a.test"));
    }

    [Fact]
    public void A_secret_whose_label_changes_keeps_its_sessions()
    {
        var secret = CertificateRoom.Secret("a", room.Authority.Server("a.test"));
        room.Apply(CertificateRoom.Ingress("a", "a.test"), secret);
        var context = room.Store.Find("a.test", true);
        room.Apply(secret with { Metadata = secret.Metadata with { Labels = new Dictionary<string, string> { ["a"] = "b" }.ToEquatableMap() } });
        Assert.Same(context, room.Store.Find("a.test", true));
    }

    [Fact]
    public void A_look_up_allocates_nothing()
    {
        room.Apply(CertificateRoom.Ingress("a", "a.test"), CertificateRoom.Secret("a", room.Authority.Server("a.test")));
        var host = "A.test";
        room.Store.Find(host, true); // the first handshakes prepare the certificates
        room.Store.Find("unknown.test", false);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            room.Store.Find(host, true);
            room.Store.Find("unknown.test", false);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void What_is_served_is_listed_with_its_names_and_users()
    {
        room.Apply(CertificateRoom.Ingress("a", "a.test", "b.test"), CertificateRoom.Secret("a", room.Authority.Server("b.test", "a.test")));
        room.Apply(CertificateRoom.Secret("fallback", room.Authority.RsaServer("f.test")));
        var served = room.Store.Served;
        Assert.Equal(["default/a a.test b.test 2 False True", "default/fallback f.test 0 True False"], served.Select(one => $"{one.Secret} {string.Join(' ', one.Names)} {one.Hosts} {one.IsDefault} {one.IsEcdsa}"));
        Assert.Equal("test authority", served[0].Issuer);
        Assert.InRange(served[0].NotAfter - room.Clock.GetUtcNow(), TimeSpan.FromDays(89), TimeSpan.FromDays(91));
    }
}
