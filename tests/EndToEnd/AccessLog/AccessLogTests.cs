using System.Globalization;
using System.Text.Json;
using IngressController.EndToEnd.Proxy;
using IngressController.Proxy.AccessLog;
using IngressController.Testing;

namespace IngressController.EndToEnd.AccessLog;

public sealed class AccessLogTests
{
    [Fact]
    public async Task A_JSON_line_tells_everything_about_a_request()
    {
        await using var backend = await EchoBackend.StartAsync();
        backend.Answer = context => context.Response.Body.WriteAsync(new byte[123], context.RequestAborted).AsTask();
        await using var proxy = await ProxyUnderTest.StartWithAsync(backend.Destination);

        await proxy.SendRawAsync("GET /cart?x=1&y=2 HTTP/1.1\r\nHost: shop.test:80\r\nX-Request-ID: id-1\r\nUser-Agent: curl/8\r\nConnection: close\r\n\r\n");

        using var line = JsonDocument.Parse(await proxy.Log.LineAsync("/cart"));
        var root = line.RootElement;
        Assert.Equal(
            [
                "time", "client", "protocol", "scheme", "host", "method", "path", "status", "requestBytes", "bytes", "duration",
                "ingress", "service", "destination", "tries", "upstreamTime", "userAgent", "requestId", "traceId", "reason",
            ],
            root.EnumerateObject().Select(member => member.Name));
        Assert.True(DateTimeOffset.TryParse(root.GetProperty("time").GetString(), CultureInfo.InvariantCulture, out _));
        Assert.Equal("127.0.0.1", root.GetProperty("client").GetString());
        Assert.Equal("shop.test:80", root.GetProperty("host").GetString());
        Assert.Equal("GET", root.GetProperty("method").GetString());
        Assert.Equal("/cart?x=1&y=2", root.GetProperty("path").GetString());
        Assert.Equal(200, root.GetProperty("status").GetInt32());
        Assert.Equal(123, root.GetProperty("bytes").GetInt64());
        Assert.Equal("shop/web", root.GetProperty("ingress").GetString());
        Assert.Equal("shop/web:80", root.GetProperty("service").GetString());
        Assert.Equal(backend.Destination.ToString(), root.GetProperty("destination").GetString());
        Assert.Equal("HTTP/1.1", root.GetProperty("protocol").GetString());
        Assert.Equal("http", root.GetProperty("scheme").GetString());
        Assert.Equal(1, root.GetProperty("tries").GetInt32());
        Assert.Equal("curl/8", root.GetProperty("userAgent").GetString());
        Assert.Equal("id-1", root.GetProperty("requestId").GetString());
        Assert.Equal("", root.GetProperty("reason").GetString());
        Assert.InRange(root.GetProperty("upstreamTime").GetDouble(), 0.001, root.GetProperty("duration").GetDouble());
    }

    [Fact]
    public async Task A_console_line_is_one_line_of_fields()
    {
        await using var proxy = await ProxyUnderTest.StartAsync(options => options.AccessLog = AccessLogFormat.Console);

        await proxy.SendRawAsync("GET /nowhere HTTP/1.1\r\nHost: shop.test\r\nX-Request-ID: id-1\r\nConnection: close\r\n\r\n");

        Assert.Matches(
            @"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z 127\.0\.0\.1 GET shop\.test/nowhere 404 \d+B \d+\.\dms - - - 0\.0ms id-1 NoRoute$",
            await proxy.Log.LineAsync("/nowhere"));
    }

    [Fact]
    public async Task The_log_can_be_off()
    {
        await using var backend = await EchoBackend.StartAsync();
        var proxy = await ProxyUnderTest.StartAsync(options => options.AccessLog = AccessLogFormat.Off);
        proxy.Serve(backend.Destination);
        using var client = proxy.CreateClient();

        await client.GetStringAsync("/");
        await proxy.DisposeAsync();

        Assert.Empty(proxy.Log.Lines);
    }

    [Fact]
    public async Task An_output_that_takes_nothing_costs_lines_and_no_request()
    {
        await using var backend = await EchoBackend.StartAsync();
        var open = new TaskCompletionSource();
        await using var proxy = await ProxyUnderTest.StartAsync(options => options.AccessLogBacklog = 1000);
        proxy.Serve(backend.Destination);
        proxy.Log.Gate = open.Task;
        using var client = proxy.CreateClient();

        for (var request = 0; request < 20; request++)
        {
            await client.GetStringAsync("/").InTime();
        }

        open.SetResult();
        await proxy.Log.LineAsync("\"status\":200");
        Assert.InRange(proxy.Log.Lines.Count, 1, 19);
    }

    [Fact]
    public async Task Ten_megabytes_of_headers_for_an_output_that_takes_nothing_hold_up_no_request()
    {
        await using var backend = await EchoBackend.StartAsync();
        var open = new TaskCompletionSource();
        await using var proxy = await ProxyUnderTest.StartAsync();
        proxy.Serve(backend.Destination);
        proxy.Log.Gate = open.Task;
        using var client = proxy.CreateClient();
        client.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", new string('a', 10_000));
        client.DefaultRequestHeaders.TryAddWithoutValidation("Referer", new string('"', 10_000));

        for (var request = 0; request < 512; request++)
        {
            await client.GetStringAsync("/").InTime();
        }

        open.SetResult();
        var line = await proxy.Log.LineAsync("\"status\":200");
        Assert.InRange(line.Length, 8_192, 10_000);
    }

    [Fact]
    public async Task What_is_filtered_out_has_no_line()
    {
        await using var backend = await EchoBackend.StartAsync();
        var proxy = await ProxyUnderTest.StartAsync(options => options.AccessLogFilter = new() { SkippedPaths = ["/healthz"], Sample = 0 });
        proxy.Serve(backend.Destination);
        backend.Answer = context =>
        {
            context.Response.StatusCode = context.Request.Path == "/broken" ? 500 : 200;
            return Task.CompletedTask;
        };
        using (var client = proxy.CreateClient())
        {
            foreach (var path in (string[])["/healthz", "/", "/broken"])
            {
                using var response = await client.GetAsync(path);
            }
        }

        await proxy.DisposeAsync();

        Assert.Contains("/broken", Assert.Single(proxy.Log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_last_lines_are_written_before_the_stop()
    {
        await using var backend = await EchoBackend.StartAsync();
        var proxy = await ProxyUnderTest.StartAsync();
        proxy.Serve(backend.Destination);
        using (var client = proxy.CreateClient())
        {
            await Task.WhenAll(Enumerable.Range(0, 50).Select(request => client.GetStringAsync($"/{request}")));
        }

        await proxy.DisposeAsync();

        Assert.Equal(50, proxy.Log.Lines.Count);
    }
}
