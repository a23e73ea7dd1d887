using System.Diagnostics.Metrics;
using System.Net;
using IngressController.Cluster;
using IngressController.Cluster.Resources;
using IngressController.Proxy;
using IngressController.Proxy.Backends;
using IngressController.Proxy.Observing;
using IngressController.Routing.Model;
using IngressController.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace IngressController.Unit.Proxy;

public sealed class RequestCountingTests : IDisposable
{
    private const string Requests = "ingress.requests shop web web:80 2xx";
    private const string Destinations = "ingress.destination.requests shop web:80 10.0.0.1:8080 answered";

    private static readonly RouteNames Names = RouteNames.Of(
        new NamespacedName("shop", "web"), new BackendKey(new NamespacedName("shop", "web"), new PortReference(null, 80), UpstreamPolicy.Default));

    private readonly ServiceProvider services = new ServiceCollection().AddProxy(_ => { }).BuildServiceProvider();

    [Theory]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(1000)]
    public void Whoever_reads_finds_all_that_have_ended(int count)
    {
        var counting = services.GetRequiredService<RequestCounting>();
        using var readings = new MeterReadings(services.GetRequiredService<IMeterFactory>());

        Finish(counting, count);

        var now = readings.Now;
        Assert.Equal(count, now[Requests]);
        Assert.Equal(count, now["ingress.request.duration shop web web:80 2xx"]);
        Assert.Equal(count, now["ingress.upstream.duration shop web web:80 2xx"]);
        Assert.Equal(count * 1000, now["ingress.request.io shop web web:80 transmit"]);
        Assert.Equal(count, now[Destinations]);
        Assert.Equal(count, readings.Now[Requests]); // and none twice
    }

    [Fact]
    public async Task None_is_lost_and_none_counted_twice_while_many_end_and_many_read()
    {
        const int Each = 20_000;
        var counting = services.GetRequiredService<RequestCounting>();
        using var readings = new MeterReadings(services.GetRequiredService<IMeterFactory>());

        var ending = Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Finish(counting, Each))));
        var before = 0.0;
        while (!ending.IsCompleted)
        {
            var seen = readings.Now.GetValueOrDefault(Requests);
            Assert.InRange(seen, before, 8 * Each);
            before = seen;
        }

        await ending;
        var now = readings.Now;
        Assert.Equal(8 * Each, now[Requests]);
        Assert.Equal(8 * Each, now[Destinations]);
    }

    public void Dispose() => services.Dispose();

    private static void Finish(RequestCounting counting, int count)
    {
        for (var index = 0; index < count; index++)
        {
            counting.Begin(Names);
            counting.Finished(
                new()
                {
                    Time = DateTimeOffset.UnixEpoch,
                    Client = IPAddress.Loopback,
                    Status = 200,
                    Bytes = 1000,
                    Duration = TimeSpan.FromMilliseconds(12),
                    Names = Names,
                    Last = new("10.0.0.1:8080", 200, 1000, TimeSpan.FromMilliseconds(11)),
                },
                isExample: index % 100 == 0);
        }
    }
}
