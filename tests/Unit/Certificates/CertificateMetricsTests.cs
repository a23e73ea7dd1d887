using System.Diagnostics.Metrics;
using IngressController.Certificates;
using IngressController.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace IngressController.Unit.Certificates;

public sealed class CertificateMetricsTests : IDisposable
{
    private readonly CertificateRoom room = new();
    private readonly ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    public void Dispose()
    {
        services.Dispose();
        room.Dispose();
    }

    [Fact]
    public void The_end_of_each_certificate_is_told_while_it_is_in_use()
    {
        var meters = services.GetRequiredService<IMeterFactory>();
        _ = new CertificateMetrics(meters, room.Store);
        using var readings = new MeterReadings(meters);
        Assert.Empty(readings.Now); // the self-signed one is nobody's to renew

        var secret = CertificateRoom.Secret("a", room.Authority.Server("a.test"));
        var ingress = CertificateRoom.Ingress("a", "a.test");
        room.Apply(ingress, secret, CertificateRoom.Ingress("bad", "b.test"), CertificateRoom.Secret("bad", "no certificate", "no key"));
        var end = room.Store.Served.Single().NotAfter;
        Assert.Equal(end.ToUnixTimeSeconds(), readings.Now["ingress.certificate.not_after default a"]);
        Assert.Single(readings.Now);

        room.Delete(secret);
        Assert.Empty(readings.Now);
    }

    [Fact]
    public void Of_many_those_are_told_that_end_soonest()
    {
        for (var number = 1; number <= 3; number++)
        {
            room.Apply(
                CertificateRoom.Ingress($"s{number}", $"h{number}.test"),
                CertificateRoom.Secret($"s{number}", room.Authority.Server(TimeSpan.FromDays(10 - number), $"h{number}.test")));
        }

        Assert.Equal(["s3", "s2"], room.Store.Ending(2).Select(certificate => certificate.Secret.Name));
    }
}
