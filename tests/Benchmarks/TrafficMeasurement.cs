using System.Globalization;
using System.Net;
using BenchmarkDotNet.Loggers;
using IngressController.Proxy;
using IngressController.Proxy.Backends;
using IngressController.Proxy.Observing;
using IngressController.Proxy.Observing.Traffic;
using IngressController.Proxy.Pipeline;
using IngressController.Routing.Model;
using Microsoft.Extensions.DependencyInjection;

namespace IngressController.Benchmarks;

/// <summary>What it costs a request that the dashboard can show it, its destination included: CPU, and what is allocated.</summary>
internal static class TrafficMeasurement
{
    private const int Requests = 1_000_000;
    private const int Rounds = 9;

    public static void Run()
    {
        foreach (var routes in new[] { 1, 10_000 })
        {
            Measure(routes);
        }
    }

    private static void Measure(int count)
    {
        using var services = new ServiceCollection().AddProxy(_ => { }).BuildServiceProvider();
        var book = services.GetRequiredService<TrafficBook>();
        var random = new Random(1);
        var all = Enumerable.Range(0, count).Select(Route).ToArray();
        var routes = Enumerable.Range(0, 4096).Select(_ => all[random.Next(count)]).ToArray();
        var backends = routes.Select(route => book.Of(Key(int.Parse(route.Names.Ingress, CultureInfo.InvariantCulture)))).ToArray();
        var (times, allocated) = (new List<double>(), 0L);
        for (var round = 0; round < Rounds; round++)
        {
            var (cpu, memory) = (Environment.CpuUsage.TotalTime, GC.GetAllocatedBytesForCurrentThread());
            Count(book, routes, backends);
            times.Add((Environment.CpuUsage.TotalTime - cpu).TotalNanoseconds / Requests);
            allocated = (GC.GetAllocatedBytesForCurrentThread() - memory) / Requests;
        }

        ConsoleLogger.Default.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{count,5} routes: {times.Order().ElementAt(Rounds / 2):0} ns CPU a request (least {times.Min():0}), {allocated} bytes allocated"));
    }

    private static void Count(TrafficBook book, ProxyRoute[] routes, BackendTraffic[] backends)
    {
        var attempt = new UpstreamTry("10.0.0.1:8080", 200, 1000, TimeSpan.FromMilliseconds(11));
        var record = new RequestRecord { Time = DateTimeOffset.UnixEpoch, Client = IPAddress.Loopback, Method = "GET", Status = 200, Duration = TimeSpan.FromMilliseconds(12) };
        for (var request = 0; request < Requests; request++)
        {
            var index = request & (routes.Length - 1);
            var destination = backends[index].Of(attempt.Destination);
            book.Begin(routes[index]);
            destination.Begin();
            destination.End(record.Time, attempt, null);
            book.End(record, routes[index]);
        }
    }

    private static BackendKey Key(int number) => new(new("team", $"service-{number}"), new(null, 8080), UpstreamPolicy.Default);

    private static ProxyRoute Route(int number) => new(
        new(new("team", number.ToString(CultureInfo.InvariantCulture)), "", HostName.Any, new(PathKind.Prefix, "/"), Key(number), null, RoutePolicies.Default), null, Reason.None);
}
