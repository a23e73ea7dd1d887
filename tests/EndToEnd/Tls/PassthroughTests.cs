using System.Net;
using IngressController.EndToEnd.App;
using IngressController.Testing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using static IngressController.EndToEnd.Tls.PassthroughWorld;

namespace IngressController.EndToEnd.Tls;

public sealed class PassthroughTests
{
    [Fact]
    public async Task The_client_sees_the_certificate_of_the_backend_next_to_hosts_that_end_here()
    {
        await using var backend = await EchoBackend.StartAsync(protocols: HttpProtocols.Http1AndHttp2, tls: true);
        await using var world = await StartAsync(backend.Port);
        Assert.Equal(SelfSigned.Certificate.SerialNumber, await world.SerialAsync("pass.test"));
        Assert.Equal(SelfSigned.Certificate.SerialNumber, await world.SerialAsync("any.wild.test"));
        Assert.NotEqual(SelfSigned.Certificate.SerialNumber, await world.SerialAsync("own.wild.test"));
        Assert.NotEqual(SelfSigned.Certificate.SerialNumber, await world.SerialAsync("a.test"));
        Assert.NotEqual(SelfSigned.Certificate.SerialNumber, await world.SerialAsync("")); // no SNI

        using var client = Client(world);
        using var answer = await client.GetAsync("https://pass.test/x");
        Assert.Equal((HttpStatusCode.OK, HttpVersion.Version20), (answer.StatusCode, answer.Version));
        Assert.Equal(("HTTP/2", "/x", null), (backend.Single.Protocol, backend.Single.Target, backend.Single.Header("X-Forwarded-For")));
        client.Dispose(); // which resets the connection where the backend's last frames have not been read yet
        await world.Controller.Program.SaysAsync(@"(?m)^\S+ 127\.0\.0\.1 - pass\.test 200 [1-9]\d*B \S+ default/pass default/secure:80 127\.0\.0\.1:\d+ \S+ - (-|BrokenTunnel)$");
    }

    [Fact]
    public async Task What_the_annotation_says_is_followed_by_the_next_connection()
    {
        await using var backend = await EchoBackend.StartAsync(tls: true);
        await using var world = await StartAsync(backend.Port);
        foreach (var passes in (bool[])[false, true])
        {
            world.Write("pass", Ingress("pass", "pass.test", passes ? Passing : ""));
            await Eventually.TrueAsync(async () => await world.SerialAsync("pass.test") == SelfSigned.Certificate.SerialNumber == passes, $"passes: {passes}");
        }
    }

    [Fact]
    public async Task Connections_follow_the_endpoints_and_those_that_are_open_stay()
    {
        await using var one = await EchoBackend.StartAsync("one", tls: true);
        await using var two = await EchoBackend.StartAsync("two", tls: true);
        await using var world = await StartAsync(one.Port);
        using var old = Client(world);
        Assert.Contains("\"one\"", await old.GetStringAsync("https://pass.test/"), StringComparison.Ordinal);
        world.Write("secure", World.Service("secure", two.Port));
        await Eventually.TrueAsync(
            async () =>
            {
                using var fresh = Client(world);
                return (await fresh.GetStringAsync("https://pass.test/")).Contains("\"two\"", StringComparison.Ordinal);
            },
            "the new endpoint");
        Assert.Contains("\"one\"", await old.GetStringAsync("https://pass.test/"), StringComparison.Ordinal);

        world.Delete("secure");
        await Eventually.TrueAsync(() => IsClosedAsync(world, "pass.test"), "no backend");
        await world.Controller.Program.SaysAsync(@"(?m) - pass\.test 503 0B .* ServiceNotFound$");
        Assert.Contains("\"one\"", await old.GetStringAsync("https://pass.test/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_destination_is_tried_where_one_refuses()
    {
        await using var backend = await EchoBackend.StartAsync(tls: true);
        await using var world = await StartAsync(backend.Port);
        world.Write("secure", World.Service("secure", backend.Port) + Second(RawBackend.Refusing().Port));
        for (var connection = 0; connection < 10; connection++)
        {
            Assert.Equal(SelfSigned.Certificate.SerialNumber, await world.SerialAsync("pass.test"));
        }

        world.Write("secure", World.Service("secure", RawBackend.Refusing().Port));
        await Eventually.TrueAsync(() => IsClosedAsync(world, "pass.test"), "only one that refuses");
        await world.Controller.Program.SaysAsync(@"(?m) - pass\.test 502 0B .* ConnectFailed$");
    }

    [Fact]
    public async Task The_destinations_that_could_not_be_reached_are_in_the_log_with_the_one_that_was()
    {
        await using var backend = await EchoBackend.StartAsync(tls: true);
        var (one, two) = (RawBackend.Refusing(), RawBackend.Refusing());
        await using var world = await StartAsync(backend.Port, Passing, "--access-log", "$http_host $status $tries $upstream_addr $upstream_status;");
        world.Write("secure", World.Service("secure", backend.Port) + Second(one.Port));
        var carried = $"pass.test 200 2 {one}, {backend.Destination} 502, -;";
        await Eventually.TrueAsync(
            async () => await world.SerialAsync("pass.test") == SelfSigned.Certificate.SerialNumber && world.Controller.Program.Output.Contains(carried, StringComparison.Ordinal), carried);

        world.Write("secure", World.Service("secure", one.Port) + Second(two.Port));
        await Eventually.TrueAsync(() => IsClosedAsync(world, "pass.test"), "only those that refuse");
        await world.Controller.Program.SaysAsync($"pass.test 502 2 ({one}, {two}|{two}, {one}) 502, 502;");
    }

    [Fact]
    public async Task A_hundred_connections_at_once_carry_a_megabyte_each_both_ways()
    {
        await using var backend = await EchoBackend.StartAsync(tls: true);
        backend.Answer = async context =>
        {
            context.Response.ContentLength = context.Request.ContentLength;
            await context.Request.Body.CopyToAsync(context.Response.Body, context.RequestAborted);
        };
        await using var world = await StartAsync(backend.Port);
        await Task.WhenAll(Enumerable.Range(0, 100).Select(async number =>
        {
            var sent = new byte[1024 * 1024];
            new Random(number).NextBytes(sent);
            using var client = Client(world);
            using var answer = await client.PostAsync("https://pass.test/", new ByteArrayContent(sent));
            Assert.Equal(sent, await answer.Content.ReadAsByteArrayAsync());
        }));
    }
}
