using System.Globalization;
using System.Net;
using IngressController.Cluster;
using IngressController.Proxy;
using IngressController.Proxy.Backends;
using IngressController.Proxy.Forwarding;
using IngressController.Proxy.Limits;
using IngressController.Proxy.Observing;
using IngressController.Proxy.Observing.Traffic;
using IngressController.Proxy.Pipeline;
using IngressController.Routing.Model;
using IngressController.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IngressController.Unit.Proxy.Traffic;

public sealed class TrafficBookTests : IDisposable
{
    private readonly ManualClock clock = new();
    private readonly ServiceProvider services = new ServiceCollection().AddMetrics().AddSingleton<LimitMetrics>().BuildServiceProvider();
    private readonly TrafficBook book;
    private readonly ProxyRoute shop = Route("shop.test", "default/shop", "default/web:80");

    public TrafficBookTests() => book = new(new ConnectionLimits(Options.Create(new ProxyOptions()), services.GetRequiredService<LimitMetrics>(), clock), clock);

    public void Dispose() => services.Dispose();

    [Fact]
    public void Requests_are_told_a_second_and_durations_by_their_quantiles()
    {
        clock.Advance(TimeSpan.FromMinutes(1)); // the window begins at its beginning
        for (var request = 0; request < 100; request++)
        {
            Request(shop, request < 10 ? 503 : request < 30 ? 404 : 200, TimeSpan.FromMilliseconds(request < 98 ? 10 : 1000));
        }

        clock.Advance(TimeSpan.FromSeconds(10));
        var sum = SumOf(shop);
        Assert.Equal((10.0, 2.0, 1.0), (sum.Requests, sum.ClientErrors, sum.ServerErrors));
        Assert.InRange(sum.P50!.Value, 8.75, 11.25);
        Assert.InRange(sum.P99!.Value, 875, 1125);
        Assert.Equal(10.0, book.Routes.Single().Rate(clock.GetUtcNow()));
    }

    [Fact]
    public void What_is_long_ago_does_not_count()
    {
        Request(shop, 200, TimeSpan.FromMilliseconds(1));
        clock.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal((0.0, null), (SumOf(shop).Requests, SumOf(shop).P50));
        Request(shop, 200, TimeSpan.FromMilliseconds(1));
        Assert.True(SumOf(shop).Requests > 0);
    }

    [Fact]
    public void Connections_that_are_carried_say_nothing_about_speed()
    {
        Request(shop, 101, TimeSpan.FromHours(1));
        book.Begin(shop);
        book.End(Record(200, TimeSpan.FromHours(1)) with { Method = "" }, shop);
        Assert.True(SumOf(shop).Requests > 0);
        Assert.Null(SumOf(shop).P99);
    }

    [Fact]
    public void The_last_five_minutes_are_points_of_two_seconds()
    {
        clock.Advance(TimeSpan.FromMinutes(10));
        Request(null, 404, TimeSpan.FromMilliseconds(1));
        clock.Advance(TimeSpan.FromSeconds(2));
        var history = book.History().ToList();
        Assert.Equal(150, history.Count);
        Assert.Equal(clock.GetUtcNow() - TimeSpan.FromSeconds(2), history[^1].Time);
        Assert.Equal(0.5, history[^1].Sum.Requests);
        Assert.Equal(0.5, book.Newest().Sum.ClientErrors);
        Assert.Equal(0.1, book.Last(TimeSpan.FromSeconds(10)).Requests);
        Assert.All(history.Take(149), point => Assert.Equal(0, point.Sum.Requests));
        clock.Advance(TimeSpan.FromMinutes(5));
        Assert.All(book.History(), point => Assert.Equal(0, point.Sum.Requests));
    }

    [Fact]
    public void Nothing_is_lost_where_many_count_at_once()
    {
        Parallel.For(0, 8, _ =>
        {
            for (var request = 0; request < 1000; request++)
            {
                Request(shop, 500, TimeSpan.FromMilliseconds(1));
            }
        });
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((8000.0, 8000.0, 0), (SumOf(shop).Requests, SumOf(shop).ServerErrors, SumOf(shop).Active));
    }

    [Fact]
    public void A_clock_that_is_set_back_does_no_harm()
    {
        Request(shop, 200, TimeSpan.Zero);
        book.Begin(shop);
        book.End(Record(200, TimeSpan.Zero) with { Time = clock.GetUtcNow() - TimeSpan.FromDays(1) }, shop);
        Assert.InRange(SumOf(shop).Requests, 0, 2);
    }

    [Fact]
    public void A_route_is_forgotten_when_no_rule_has_it_any_more()
    {
        var blog = Route("blog.test", "default/blog", "default/web:80");
        Request(shop, 200, TimeSpan.Zero);
        Request(blog, 200, TimeSpan.Zero);
        var room = RoutingRoom.With([Make.Ingress("shop").WithRule("shop.test", "Prefix /")]);
        var model = room.Translation.Model;
        var service = model.Hosts.Values.Single().Routes[0].Backend!.ToString();
        Request(Route("shop.test", "default/shop", service), 200, TimeSpan.Zero);
        Assert.True(HostName.TryParse("blog.test", out var gone));
        book.Forget(new(model, [gone], []));
        Assert.DoesNotContain(book.Routes, route => route.Key.Host == gone);
        book.Forget(new(model, [.. model.Hosts.Keys], []));
        Assert.Equal(service, book.Routes.Single().Key.Service);
    }

    [Fact]
    public void A_catch_all_is_forgotten_when_it_is_gone()
    {
        var model = RoutingRoom.With([Make.Ingress("all").WithDefault("web:80")]).Translation.Model;
        book.Forget(new(model, [], [.. model.Backends.Keys]));
        Request(Route("", "default/all", model.CatchAll!.Backend!.ToString()), 200, TimeSpan.Zero);
        book.Forget(new(model, [], [.. model.Backends.Keys]));
        Assert.Equal(HostName.Any, book.Routes.Single().Key.Host);
        book.Forget(new(model with { CatchAll = null }, [], []));
        Assert.Empty(book.Routes);
    }

    [Fact]
    public void A_destination_keeps_its_failures_until_it_is_gone()
    {
        var backend = book.Of(new BackendKey(new("default", "web"), new(null, 80), UpstreamPolicy.Default));
        var destination = backend.Of("10.0.0.1:80");
        destination.Begin();
        Assert.Equal(1, destination.Active);
        destination.End(clock.GetUtcNow(), new("10.0.0.1:80", 0, 0, TimeSpan.FromSeconds(5)), new Failure(504, Reason.ConnectTimeout, true));
        destination.Begin();
        destination.End(clock.GetUtcNow(), new("10.0.0.1:80", 0, 0, TimeSpan.FromSeconds(5)), new Failure(502, Reason.ClientClosed)); // not its fault
        Assert.Equal((2, 1, "ConnectTimeout", 0), (destination.Requests, destination.Failures, destination.LastFailure, destination.Active));
        backend.Keep(new HashSet<string> { "10.0.0.1:80" });
        Assert.Same(destination, backend.Find("10.0.0.1:80"));
        backend.Keep(new HashSet<string> { "10.0.0.2:80" });
        Assert.Null(backend.Find("10.0.0.1:80"));
    }

    [Fact]
    public void A_request_allocates_nothing()
    {
        var destination = book.Of(new BackendKey(new("default", "web"), new(null, 80), UpstreamPolicy.Default)).Of("10.0.0.1:80");
        Round();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 1000; round++)
        {
            Round();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Round()
        {
            Request(shop, 200, TimeSpan.FromMilliseconds(3));
            destination.Begin();
            destination.End(clock.GetUtcNow(), new("10.0.0.1:80", 200, 0, TimeSpan.FromMilliseconds(3)), null);
        }
    }

    private TrafficSum SumOf(ProxyRoute route)
    {
        var sum = new TrafficSum();
        route.Traffic!.AddTo(sum, clock.GetUtcNow());
        return sum;
    }

    private void Request(ProxyRoute? route, int status, TimeSpan duration)
    {
        if (route is not null)
        {
            book.Begin(route);
        }

        book.End(Record(status, duration), route);
    }

    private RequestRecord Record(int status, TimeSpan duration) => new() { Time = clock.GetUtcNow(), Client = IPAddress.Loopback, Method = "GET", Status = status, Duration = duration };

    private static ProxyRoute Route(string host, string ingress, string service)
    {
        var port = service.Split(':', '/');
        var key = new BackendKey(new(port[0], port[1]), new(null, int.Parse(port[2], CultureInfo.InvariantCulture)), UpstreamPolicy.Default);
        var name = ingress.Split('/');
        Assert.True(HostName.TryParse(host, out var named));
        return new(new(new NamespacedName(name[0], name[1]), "", named, new(PathKind.Prefix, "/"), key, null, RoutePolicies.Default), null, Reason.NoEndpoints);
    }
}
