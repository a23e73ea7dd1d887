using IngressController.Certificates.Acme;
using IngressController.Certificates.Acme.Issuing;
using IngressController.Certificates.Acme.Protocol;
using IngressController.Cluster;
using IngressController.Testing.Tls;

namespace IngressController.Unit.Certificates.Acme.Issuing;

public sealed class RenewalTimeTests
{
    private static readonly DateTimeOffset Begin = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly Issuer Issuer = new("main", new("https://ca.example.com/directory"));
    private static readonly WantedCertificate Wanted = new(new("shop", "web"), ["a.example.com", "b.example.com"], Issuer, TakesOver: false, []);
    private static readonly HeldLeaf Leaf = new("01", ["a.example.com", "b.example.com"], Begin, Begin.AddDays(90), CertificateKeyType.EcdsaP256, []);
    private static readonly HeldCertificate Held = new(IsOurs: true, "main", "https://ca.example.com/directory", null, Leaf);

    [Theory]
    [InlineData(90 * 24)]
    [InlineData(6 * 24)]
    [InlineData(1)]
    public void Without_a_word_of_the_authority_two_thirds_of_the_life_and_a_little_more_decide(int hours)
    {
        var lifetime = TimeSpan.FromHours(hours);
        var times = Enumerable.Range(0, 200).Select(serial => (RenewalTime.Of(Leaf with { Serial = $"{serial:X}", NotAfter = Begin + lifetime }, null) - Begin) / lifetime).ToList();
        Assert.All(times, time => Assert.InRange(time, 0.6666, 0.7168));
        Assert.True(times.Max() - times.Min() > 0.04); // spread
        Assert.Equal(RenewalTime.Of(Leaf, null), RenewalTime.Of(Leaf with { }, null)); // the same for every leader
    }

    [Fact]
    public void Within_the_authoritys_window_a_moment_is_chosen_by_the_serial_number()
    {
        var window = new RenewalWindow(Begin.AddDays(10), Begin.AddDays(12), null, TimeSpan.FromHours(6));
        var times = Enumerable.Range(0, 100).Select(serial => RenewalTime.Of(Leaf with { Serial = $"{serial:X}" }, window)).ToList();
        Assert.All(times, time => Assert.InRange(time, window.Start, window.End));
        Assert.True(times.Distinct().Count() > 90);
        Assert.True(RenewalTime.Of(Leaf, window with { Start = Begin.AddDays(-2), End = Begin.AddDays(-1) }) < Begin); // now
        Assert.Equal(RenewalTime.Of(Leaf, null), RenewalTime.Of(Leaf, window with { Start = Begin.AddDays(100), End = Begin.AddDays(101) })); // after its end is no help
        Assert.InRange(RenewalTime.Of(Leaf, window with { Start = Begin.AddDays(89), End = DateTimeOffset.MaxValue }), Begin.AddDays(89), Begin.AddDays(90));
    }

    public static TheoryData<string> Differences => ["missing", "unreadable", "host", "issuer", "directory", "key", "revoke"];

    [Theory]
    [MemberData(nameof(Differences))]
    public void What_is_not_what_is_wanted_is_ordered_at_once(string difference)
    {
        HeldCertificate? held = difference switch
        {
            "missing" => null,
            "unreadable" => Held with { Leaf = null },
            "host" => Held with { Leaf = Leaf with { Names = ["a.example.com"] } },
            "issuer" => Held with { Issuer = "other" },
            "directory" => Held with { Directory = "https://staging.example.com/directory" },
            "key" => Held with { Leaf = Leaf with { KeyType = CertificateKeyType.Rsa2048 } },
            _ => Held with { RevokeText = "keyCompromise" },
        };
        Assert.Equal(RenewalTime.AtOnce, RenewalTime.Of(Wanted, held, null));
    }

    [Fact]
    public void What_serves_stays_until_it_is_due()
    {
        var due = RenewalTime.Of(Leaf, null);
        Assert.Equal(due, RenewalTime.Of(Wanted, Held, null));
        Assert.Equal(due, RenewalTime.Of(Wanted with { Hosts = ["a.example.com"] }, Held, null)); // it is for more hosts
        Assert.Equal(due, RenewalTime.Of(Wanted, Held with { RevokeText = "because" }, null)); // no reason that there is
        var theirs = Held with { IsOurs = false, Issuer = null, Directory = null, Leaf = Leaf with { Names = ["*.example.com"], KeyType = null } };
        Assert.Equal(due, RenewalTime.Of(Wanted with { TakesOver = true }, theirs, null));
        Assert.Equal(RenewalTime.AtOnce, RenewalTime.Of(Wanted with { TakesOver = true, Hosts = ["a.b.example.com"] }, theirs, null));
    }

    [Fact]
    public void What_a_secret_holds_is_read_whatever_it_is()
    {
        using var authority = TestAuthority.Create();
        var certificate = authority.Server("b.example.com", "a.example.com", "10.0.0.1");
        var held = HeldCertificate.Of(CertificateRoom.Secret("web", certificate), "ingress/controller");
        Assert.False(held.IsOurs);
        Assert.Equal(["a.example.com", "b.example.com"], held.Leaf!.Names);
        Assert.Equal((certificate.Serial, CertificateKeyType.EcdsaP256), (held.Leaf.Serial, held.Leaf.KeyType));
        Assert.Equal(CertificateKeyType.Rsa2048, HeldCertificate.Of(CertificateRoom.Secret("web", authority.RsaServer("a.example.com")), "").Leaf!.KeyType);
        Assert.Null(HeldCertificate.Of(CertificateRoom.Secret("web", certificate, authority.Server("a.example.com").KeyPem), "").Leaf); // another key
        Assert.Null(HeldCertificate.Of(CertificateRoom.Secret("web", "cat", "dog"), "").Leaf);
        Assert.Null(HeldCertificate.Of(CertificateRoom.Secret("web", "", ""), "").Leaf);
    }
}
