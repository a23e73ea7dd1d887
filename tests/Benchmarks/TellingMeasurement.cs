using System.Diagnostics;
using System.Globalization;
using System.Net;
using BenchmarkDotNet.Loggers;
using IngressController.Proxy;
using IngressController.Proxy.AccessLog;
using IngressController.Proxy.Backends;
using IngressController.Proxy.Observing;
using IngressController.Proxy.Observing.Traffic;
using IngressController.Proxy.Pipeline;
using IngressController.Proxy.Tracing;
using IngressController.Routing.Model;
using IngressController.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace IngressController.Benchmarks;

/// <summary>
/// What it costs to tell of a request, as <c>seeing</c> measures it, but in one process and without sockets: the steps that tell, with the SDK, a log in a file and 1% of traces (which
/// are not pushed), beside the same steps without. All threads count. Of the kernel's part, which differs from second to second, only the writing of the file is left.
/// </summary>
internal static class TellingMeasurement
{
    private const int Requests = 60_000;
    private const int Rounds = 9;
    private const int WarmUp = 3;

    /// <summary>So many at once, and then a pause: 25,000 a second or so. More come than lines can be written where they never end.</summary>
    private const int Burst = 600;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private static readonly byte[] Answer = "ok\n"u8.ToArray();

    [Flags]
    private enum Told
    {
        Nothing = 0,
        Metrics = 1,
        Log = 2,
        Traces = 4,
        All = Metrics | Log | Traces,
    }

    public static async Task RunAsync()
    {
        using var directory = new TemporaryDirectory();
        Told[] told = [Told.Nothing, Told.Metrics, Told.Log, Told.Traces, Told.All];
        var samples = told.Select(_ => new List<(double Nanoseconds, long Bytes)>()).ToArray();
        for (var round = 0; round < WarmUp + Rounds; round++)
        {
            for (var turn = 0; turn < told.Length; turn++)
            {
                var which = (round + turn) % told.Length;
                var sample = await MeasureAsync(told[which], directory.File("log"));
                if (round >= WarmUp)
                {
                    samples[which].Add(sample);
                }
            }
        }

        foreach (var (what, own) in told.Zip(samples))
        {
            var more = own.Zip(samples[0], (sample, nothing) => sample.Nanoseconds - nothing.Nanoseconds).Order().ToList();
            ConsoleLogger.Default.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{what,-8} {own.Select(sample => sample.Nanoseconds).Order().ElementAt(Rounds / 2):0} ns CPU a request, {more[Rounds / 2]:0} more than nothing ({more[0]:0} to {more[^1]:0}), {own[^1].Bytes} bytes allocated"));
        }
    }

    private static async Task<(double Nanoseconds, long Bytes)> MeasureAsync(Told told, string log)
    {
        // Not made anew: a new page of the kernel's file cache can cost more than all that is written to it.
        await using var output = new FileStream(log, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, bufferSize: 0);
        var ratio = new TraceIdRatioBasedSampler(0.01);
        TraceSampler sampler = (trace, parent) => ratio.ShouldSample(new(parent, trace, "", ActivityKind.Server)).Decision == SamplingDecision.RecordAndSample;
        await using var services = new ServiceCollection().AddProxy(options =>
        {
            options.AccessLogOutput = output;
            options.AccessLog = told.HasFlag(Told.Log) && AccessLogFormat.Read("json", static (_, _) => "", out var format) is null ? format! : AccessLogFormat.Off;
            options.TraceSampler = told.HasFlag(Told.Traces) ? sampler : null;
        }).BuildServiceProvider();
        using var metrics = !told.HasFlag(Told.Metrics) ? null : Sdk.CreateMeterProviderBuilder().AddMeter(ProxyMeter.Name)
            .SetExemplarFilter(told.HasFlag(Told.Traces) ? ExemplarFilterType.TraceBased : ExemplarFilterType.AlwaysOff)
            .AddReader(new BaseExportingMetricReader(new Nowhere<Metric>()) { TemporalityPreference = MetricReaderTemporalityPreference.Delta }).Build();
        using var traces = !told.HasFlag(Told.Traces) ? null : Sdk.CreateTracerProviderBuilder().AddSource(RequestTraces.SourceName).SetSampler(new AlwaysOnSampler())
            .AddProcessor(new BatchActivityExportProcessor(new Nowhere<Activity>())).Build();
        var writer = services.GetServices<IHostedService>().OfType<AccessLogWriter>().Single();
        await writer.StartAsync(CancellationToken.None);
        var steps = Steps(services);
        GC.Collect();
        var (cpu, memory) = (Environment.CpuUsage.TotalTime, GC.GetTotalAllocatedBytes(precise: true));
        for (var request = 0; request < Requests; request++)
        {
            await steps(Request());
            if (request % Burst == 0)
            {
                await Task.Delay(Pause, TimeProvider.System);
            }
        }

        await writer.StopAsync(CancellationToken.None);
        return ((Environment.CpuUsage.TotalTime - cpu).TotalNanoseconds / Requests, (GC.GetTotalAllocatedBytes(precise: true) - memory) / Requests);
    }

    /// <summary>Those of <see cref="ProxyPipeline"/> that tell something; in the place of the others a destination that answers at once.</summary>
    private static RequestDelegate Steps(ServiceProvider services)
    {
        var options = services.GetRequiredService<IOptions<ProxyOptions>>().Value;
        var (counting, traffic, spans) = (services.GetRequiredService<RequestCounting>(), services.GetRequiredService<TrafficBook>(), services.GetRequiredService<RequestSpans>());
        var key = new BackendKey(new("team", "web"), new(null, 80), UpstreamPolicy.Default);
        var route = new ProxyRoute(new(new("team", "shop"), "", HostName.Any, new(PathKind.Prefix, "/"), key, null, RoutePolicies.Default), null, Reason.None);
        const string destination = "10.0.0.1:8080";
        var backend = traffic.Of(key).Of(destination);
        RequestDelegate forward = async context =>
        {
            var exchange = Exchange.Of(context);
            (exchange.Route, exchange.Client, exchange.Target) = (route, IPAddress.Loopback, "/");
            counting.Begin(route.Names);
            traffic.Begin(route);
            backend.Begin();
            var span = exchange.Span is { } request ? spans.Begin(context.Request.Method, request.TraceId, request.Context, default) : null;
            await context.Response.Body.WriteAsync(Answer);
            RequestSpans.EndTry(span, StatusCodes.Status200OK, "");
            var attempt = new UpstreamTry(destination, StatusCodes.Status200OK, Answer.Length, TimeSpan.FromMilliseconds(1));
            exchange.Tried(attempt);
            backend.End(TimeProvider.System.GetUtcNow(), attempt, null);
        };
        var traced = options.TraceSampler is { } sampler ? new TraceStep(forward, spans, sampler, options.TraceContext).InvokeAsync : forward;
        return new ObservationStep(
            new RequestIdStep(traced).InvokeAsync, services.GetRequiredService<DataPlane>(), services.GetRequiredService<FinishedRequests>(), options.AccessLog, TimeProvider.System,
            services.GetRequiredService<ILogger<DataPlane>>()).InvokeAsync;
    }

    private static DefaultHttpContext Request()
    {
        var features = new FeatureCollection();
        features.Set<IHttpRequestFeature>(new HttpRequestFeature { Headers = new HeaderDictionary(8), Protocol = "HTTP/1.1", Method = "GET", Scheme = "http", Path = "/", RawTarget = "/" });
        features.Set<IHttpResponseFeature>(new HttpResponseFeature());
        features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(Stream.Null));
        return new(features) { Request = { Host = new("h0.example.test") } };
    }

    private sealed class Nowhere<T> : BaseExporter<T>
        where T : class
    {
        public override ExportResult Export(in Batch<T> batch) => ExportResult.Success;
    }
}
