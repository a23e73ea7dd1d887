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

    [Fact]
    public void Those_that_are_not_alike_are_counted_apart()
    {
        var counting = services.GetRequiredService<RequestCounting>();
        using var readings = new MeterReadings(services.GetRequiredService<IMeterFactory>());
        var usual = Record() with { RequestBytes = 7 };
        var unreached = new UpstreamTry("10.0.0.3:8080", 0, 0, TimeSpan.FromMilliseconds(1));
        RequestRecord[] different =
        [
            usual,
            usual with { Names = Names.With(new NamespacedName("shop", "other")) },
            usual with { Status = 502, Last = usual.Last with { Status = 502 } },
            usual with { Last = usual.Last with { Destination = "10.0.0.2:8080" } },
            usual with { Reason = "BrokenResponse" },
            usual with { Earlier = [unreached] },
            usual with { Earlier = [unreached, unreached] },
            usual with { Last = UpstreamTry.None },
        ];

        for (var round = 0; round < 3; round++)
        {
            Assert.All(different, record =>
            {
                counting.Begin(record.Names);
                counting.Finished(record, isExample: false);
            });
        }

        var now = readings.Now;
        Assert.Equal((18, 3, 3), (now[Requests], now["ingress.requests shop other web:80 2xx"], now["ingress.requests shop web web:80 5xx"]));
        Assert.Equal(
            (12, 3, 3, 3, 9),
            (now[Destinations], now["ingress.destination.requests shop web:80 10.0.0.1:8080 server_error"], now["ingress.destination.requests shop web:80 10.0.0.2:8080 answered"],
             now["ingress.destination.requests shop web:80 10.0.0.1:8080 failed"], now["ingress.destination.requests shop web:80 10.0.0.3:8080 failed"]));
        Assert.Equal((9, 21 * 7, 21 * 1000), (now["ingress.upstream.retries shop web web:80"], now["ingress.request.io shop web web:80 receive"], now["ingress.request.io shop web web:80 transmit"]));
        Assert.Equal((18, 15), (now["ingress.request.duration shop web web:80 2xx"], now["ingress.upstream.duration shop web web:80 2xx"]));
    }

    public void Dispose() => services.Dispose();

    private static void Finish(RequestCounting counting, int count)
    {
        for (var index = 0; index < count; index++)
        {
            counting.Begin(Names);
            counting.Finished(Record(), isExample: index % 100 == 0);
        }
    }

    private static RequestRecord Record() => new()
    {
        Time = DateTimeOffset.UnixEpoch,
        Client = IPAddress.Loopback,
        Status = 200,
        Bytes = 1000,
        Duration = TimeSpan.FromMilliseconds(12),
        Names = Names,
        Last = new("10.0.0.1:8080", 200, 1000, TimeSpan.FromMilliseconds(11)),
    };
}
