using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net;
using BenchmarkDotNet.Loggers;
using IngressController.Proxy;
using IngressController.Proxy.Backends;
using IngressController.Proxy.Observing;
using IngressController.Routing.Model;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace IngressController.Benchmarks;

/// <summary>What it costs to count a request under all instruments: CPU, which what else runs on the machine hardly touches, and what is allocated.</summary>
internal static class CountingMeasurement
{
    private const int Requests = 1_000_000;
    private const int Rounds = 9;

    public static void Run()
    {
        foreach (var ingresses in new[] { 1, 1000 })
        {
            Measure(ingresses, isListening: false);
            Measure(ingresses, isListening: true);
        }
    }

    /// <param name="ingresses">They are asked for in no order.</param>
    /// <param name="isListening">The SDK aggregates, as it does for /metrics.</param>
    private static void Measure(int ingresses, bool isListening)
    {
        using var services = new ServiceCollection().AddProxy(_ => { }).BuildServiceProvider();
        var counting = services.GetRequiredService<RequestCounting>();
        using var listening = !isListening ? null : Sdk.CreateMeterProviderBuilder()
            .AddMeter(ProxyMeter.Name)
            .AddReader(new BaseExportingMetricReader(new Nowhere()) { TemporalityPreference = MetricReaderTemporalityPreference.Delta })
            .Build();
        var random = new Random(1);
        var routes = Enumerable.Range(0, ingresses).Select(Names).ToArray();
        var records = Enumerable.Range(0, 4096).Select(_ => Record(routes[random.Next(ingresses)])).ToArray();
        var (times, allocated) = (new List<double>(), 0L);
        for (var round = 0; round < Rounds; round++)
        {
            var (cpu, memory) = (Environment.CpuUsage.TotalTime, GC.GetAllocatedBytesForCurrentThread());
            Count(records, counting);
            times.Add((Environment.CpuUsage.TotalTime - cpu).TotalNanoseconds / Requests);
            allocated = (GC.GetAllocatedBytesForCurrentThread() - memory) / Requests;
        }

        ConsoleLogger.Default.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{ingresses,5} Ingresses, {(isListening ? "the SDK listens" : "nobody listens")}: {times.Order().ElementAt(Rounds / 2):0} ns CPU a request (least {times.Min():0}), {allocated} bytes allocated"));
    }

    private static void Count(RequestRecord[] records, RequestCounting counting)
    {
        for (var request = 0; request < Requests; request++)
        {
            ref readonly var record = ref records[request & (records.Length - 1)];
            counting.Begin(record.Names);
            counting.Finished(record, isExample: false);
        }
    }

    private static RouteNames Names(int number) => RouteNames.Of(
        new($"team-{number % 50}", $"ingress-{number}"), new(new($"team-{number % 50}", $"service-{number}"), new(null, 8080), UpstreamPolicy.Default));

    private static RequestRecord Record(RouteNames names) => new()
    {
        Time = DateTimeOffset.UnixEpoch,
        Client = IPAddress.Loopback,
        Status = 200,
        Bytes = 1000,
        Duration = TimeSpan.FromMilliseconds(12),
        Names = names,
        Last = new("10.0.0.1:8080", 200, 1000, TimeSpan.FromMilliseconds(11)),
    };

    private sealed class Nowhere : BaseExporter<Metric>
    {
        public override ExportResult Export(in Batch<Metric> batch) => ExportResult.Success;
    }
}
