using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using IngressController.App.Metrics;
using IngressController.App.Metrics.Text;
using IngressController.Cluster;
using IngressController.Cluster.Resources;
using IngressController.Proxy;
using IngressController.Proxy.Backends;
using IngressController.Proxy.Observing;
using IngressController.Routing.Model;
using IngressController.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace IngressController.Unit.App.Metrics;

/// <summary>A big cluster with traffic everywhere, as the instruments of the data plane count it.</summary>
public sealed class ScaleTests : IDisposable
{
    private const int Ingresses = 10_000;
    private const int Services = 5_000;
    private const int Endpoints = 50_000;
    private const int Namespaces = 200;

    private readonly ServiceProvider proxy = new ServiceCollection().AddLogging().AddProxy(_ => { }).BuildServiceProvider();

    public void Dispose() => proxy.Dispose();

    [Fact]
    public void A_scrape_stays_below_five_megabytes()
    {
        using var pull = new MetricPull(new(), TelemetryIdentity.Here, new ManualClock());
        Assert.InRange(Scrape(pull), 2_000_000, 5_000_000);
        Assert.InRange(Scrape(pull), 2_000_000, 5_000_000); // and so does the next
    }

    [Fact]
    public void Ingress_nginx_names_make_it_no_more_than_four_times_as_much()
    {
        using var pull = new MetricPull(
            new() { NginxNames = true, NginxLabels = [new("controller_class", "yarp.ingress.kubernetes.io/controller"), new("controller_namespace", "ingress"), new("controller_pod", "ingress-controller-7d4b9c6f58-x2x9k")] },
            TelemetryIdentity.Here,
            new ManualClock());
        Assert.InRange(Scrape(pull), 5_000_000, 18_000_000);
    }

    private long Scrape(MetricPull pull)
    {
        Serve(proxy.GetRequiredService<DataPlane>());
        var finished = proxy.GetRequiredService<FinishedRequests>();
        var active = proxy.GetRequiredService<RequestCounting>();
        for (var index = 0; index < Ingresses; index++)
        {
            var names = RouteNames.Of(new NamespacedName(Namespace(index), string.Create(CultureInfo.InvariantCulture, $"web-{index}")), Key(index % Services));
            foreach (var status in index % 10 == 0 ? [200, 404] : index % 100 == 1 ? new[] { 200, 503 } : [200])
            {
                active.Begin(names);
                finished.Tell(Request(index, names, status), null);
            }
        }

        using var pages = pull.Read(TextFormat.Prometheus);
        return pages!.Length;
    }

    private static RequestRecord Request(int index, RouteNames names, int status) => new()
    {
        Time = DateTimeOffset.UnixEpoch,
        Client = IPAddress.Loopback,
        Method = "GET",
        Status = status,
        Bytes = 12_345,
        Duration = TimeSpan.FromMilliseconds(index % 700),
        RouteHost = string.Create(CultureInfo.InvariantCulture, $"web{index}.example.com"),
        RoutePath = "/",
        Names = names,
        Last = new(Address(index % Endpoints).ToString(), status, 12_345, TimeSpan.FromMilliseconds(index % 600)),
    };

    private static void Serve(DataPlane dataPlane)
    {
        var backends = Enumerable.Range(0, Services).Select(index =>
        {
            var destinations = Enumerable.Range(index * (Endpoints / Services), Endpoints / Services).Select(endpoint => Address(endpoint));
            return KeyValuePair.Create(Key(index), new Backend(Key(index), BackendProtocol.Http, destinations.ToEquatableArray(), null, null, []));
        });
        var model = RoutingModel.Empty with { Backends = RoutingModel.Empty.Backends.SetItems(backends) };
        dataPlane.Apply(new(model, [], [.. model.Backends.Keys]));
    }

    private static BackendKey Key(int index) =>
        new(new NamespacedName(Namespace(index), string.Create(CultureInfo.InvariantCulture, $"service-{index:0000}")), new PortReference("http", 0), UpstreamPolicy.Default);

    private static string Namespace(int index) => string.Create(CultureInfo.InvariantCulture, $"team-{index % Namespaces:000}");

    private static Destination Address(int index) => new(string.Create(CultureInfo.InvariantCulture, $"10.{64 + (index >> 16)}.{(index >> 8) & 255}.{index & 255}"), 8080);
}
