using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using IngressController.Cluster;
using IngressController.Testing;

namespace IngressController.Unit.Certificates;

public sealed class CertificateProblemTests : IDisposable
{
    private readonly CertificateRoom room = new();

    public void Dispose() => room.Dispose();

    [Fact]
    public void A_secret_that_is_not_there_is_said_on_the_entry_that_names_it_until_it_comes()
    {
        room.Apply(CertificateRoom.Ingress("a", "a.test", "b.test"));
        var problem = Assert.Single(room.Problems);
        Assert.StartsWith("warning CertificateMissing: Ingress default/of-a spec.tls[0]: Secret default/a does not exist", problem, StringComparison.Ordinal);
        room.Apply(CertificateRoom.Secret("a", room.Authority.Server("a.test", "b.test")));
        Assert.Empty(room.Problems);
        room.Delete(CertificateRoom.Ingress("a", "a.test", "b.test"));
        Assert.Empty(room.Problems);
    }

    [Fact]
    public void The_default_secret_has_its_problems_without_any_ingress()
    {
        using var other = new CertificateRoom("fallback");
        Assert.StartsWith("warning CertificateMissing: Secret default/fallback: ", Assert.Single(other.Problems), StringComparison.Ordinal);
        other.Apply(CertificateRoom.Secret("fallback", "", ""));
        Assert.Contains("has no tls.crt; a self-signed certificate is served", Assert.Single(other.Problems), StringComparison.Ordinal);
        other.Apply(CertificateRoom.Secret("fallback", other.Authority.Server("any.test")));
        Assert.Empty(other.Problems);
    }

    [Fact]
    public void A_certificate_for_another_host_is_served_and_said_for_each_host_that_it_is_not_for()
    {
        var certificate = room.Authority.Server("a.test", "*.x.test");
        room.Apply(CertificateRoom.Ingress("a", "a.test", "b.test", "c.x.test", "d.c.x.test"), CertificateRoom.Secret("a", certificate));
        Assert.Equal(
            [
                "error CertificateNotForHost: Ingress default/of-a spec.tls[0]: the certificate of Secret default/a is for *.x.test, a.test, and not for b.test; clients refuse it",
                "error CertificateNotForHost: Ingress default/of-a spec.tls[0]: the certificate of Secret default/a is for *.x.test, a.test, and not for d.c.x.test; clients refuse it",
            ],
            room.Problems.Select(problem => problem[..problem.IndexOf(". Have", StringComparison.Ordinal)]));
        Assert.Equal(certificate.Serial, room.Serial("b.test"));
    }

    [Fact]
    public void The_end_is_said_21_days_before_and_when_it_has_come()
    {
        room.Apply(CertificateRoom.Ingress("a", "a.test"), CertificateRoom.Secret("a", room.Authority.Server(TimeSpan.FromDays(90), "a.test")));
        var before = room.Store.Problems;
        Pass(TimeSpan.FromDays(68.9));
        Assert.Same(before, room.Store.Problems);
        Assert.Empty(room.Problems);
        Pass(TimeSpan.FromDays(0.2));
        Assert.Matches("^warning CertificateExpiry: Ingress default/of-a spec.tls\\[0\\]: the certificate of Secret default/a ends at 20.*, in less than 21 days", Assert.Single(room.Problems));
        Pass(TimeSpan.FromDays(21));
        Assert.Matches("^error CertificateExpiry: .* ended at 20.*; clients refuse it", Assert.Single(room.Problems));
    }

    /// <summary>Those that live for six days are renewed when two are left.</summary>
    [Fact]
    public void Of_a_certificate_that_lives_for_days_the_end_is_said_in_its_last_quarter()
    {
        room.Apply(CertificateRoom.Ingress("a", "a.test"), CertificateRoom.Secret("a", room.Authority.Server(TimeSpan.FromDays(5), "a.test"))); // since a day
        Pass(TimeSpan.FromDays(3.4));
        Assert.Empty(room.Problems);
        Pass(TimeSpan.FromDays(0.2));
        Assert.Matches("^warning CertificateExpiry: .* ends at 20.*, with less than a quarter of its life left. Renew it", Assert.Single(room.Problems));
    }

    [Theory]
    [InlineData(9999, 12, 31)] // without an end, as RFC 5280 section 4.1.2.5 writes it
    [InlineData(1, 1, 3)]
    public void Dates_at_the_ends_of_the_calendar_are_taken(int year, int month, int day)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=a.test", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(new(1, 1, 2, 0, 0, 0, TimeSpan.Zero), new(year, month, day, 23, 59, 59, TimeSpan.Zero));
        room.Apply(CertificateRoom.Ingress("a", "a.test"), CertificateRoom.Secret("a", certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem()));
        Assert.Equal(certificate.SerialNumber, room.Serial("a.test"));
        room.Store.Judge();
        Assert.Equal(year == 1, room.Problems.Any(problem => problem.Contains(" ended at ", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_certificate_that_is_not_for_servers_is_served_and_said()
    {
        var certificate = room.Authority.Client("CN=a.test");
        room.Apply(CertificateRoom.Ingress("a", "a.test"), CertificateRoom.Secret("a", certificate));
        Assert.Contains(room.Problems, problem => problem.StartsWith("warning CertificateInvalid: ", StringComparison.Ordinal) && problem.Contains("is not for servers", StringComparison.Ordinal));
        Assert.Equal(certificate.Serial, room.Serial("a.test"));
    }

    [Fact]
    public void Many_hosts_of_one_entry_say_what_is_wrong_with_its_secret_once()
    {
        room.Apply(CertificateRoom.Ingress("a", [.. Enumerable.Range(0, 100).Select(number => $"h{number}.test")]), CertificateRoom.Secret("a", "junk", "junk"));
        Assert.Contains("has no private key in its tls.key; the default certificate is served", Assert.Single(room.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void A_change_that_touches_no_certificate_leaves_the_very_list()
    {
        room.Apply(CertificateRoom.Ingress("a", "a.test"));
        var before = room.Store.Problems;
        room.Apply(Make.Slice("web", "8080", "10.0.0.1"), Make.Ingress("other").WithRule("o.test", "Prefix /"));
        Assert.Same(before, room.Store.Problems);
    }

    [Fact]
    public void A_secret_of_any_bytes_takes_nothing_from_others()
    {
        var good = room.Authority.Server("good.test");
        room.Apply(CertificateRoom.Ingress("good", "good.test"), CertificateRoom.Secret("good", good), CertificateRoom.Ingress("bad", "bad.test"));
        var (random, selfSigned) = (new Random(4), room.Serial("other.test"));
        for (var round = 0; round < 300; round++)
        {
            room.Apply(CertificateRoom.Secret("bad", Damaged(good.Pem), Damaged(good.KeyPem)));
            Assert.Equal(good.Serial, room.Serial("good.test"));
            Assert.True(room.Serial("bad.test") != selfSigned || room.Problems.Any(problem => problem.Contains("CertificateInvalid", StringComparison.Ordinal)), "refused without a word");
        }

        string Damaged(string text)
        {
            var bytes = text.ToCharArray();
            for (var change = random.Next(3); change > 0; change--)
            {
                bytes[random.Next(bytes.Length)] = (char)random.Next(128);
            }

            return new string(bytes, 0, random.Next(4) == 0 ? random.Next(bytes.Length) : bytes.Length);
        }
    }

    private void Pass(TimeSpan time)
    {
        room.Clock.Advance(time);
        room.Store.Judge();
    }
}
