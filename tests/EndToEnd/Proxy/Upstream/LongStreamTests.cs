using IngressController.Routing.Model;
using IngressController.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace IngressController.EndToEnd.Proxy.Upstream;

/// <summary>When a stream from a backend over TLS ends, and when not.</summary>
public sealed class LongStreamTests
{
    [Theory]
    [InlineData(BackendProtocol.Https)]
    [InlineData(BackendProtocol.H2)]
    public async Task What_streams_while_everything_changes_goes_on(BackendProtocol protocol)
    {
        var (first, more) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var backend = await EchoBackend.StartAsync(protocols: HttpProtocols.Http1AndHttp2, tls: true);
        backend.Answer = async context =>
        {
            await context.Response.WriteAsync("data: 1\n\n", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            first.SetResult();
            await more.Task;
            await context.Response.WriteAsync("data: 2\n\n", context.RequestAborted);
        };
        await using var proxy = await ProxyUnderTest.StartAsync();
        proxy.Serve(protocol, HandMadeModel.Unverified, backend.Destination);
        using var client = proxy.CreateClient();

        using var response = await client.GetAsync("/", HttpCompletionOption.ResponseHeadersRead).InTime();
        await first.Task.InTime();
        proxy.Serve(protocol, HandMadeModel.Unverified with { ServerName = "other.test" }, backend.Destination);
        proxy.Serve(protocol, HandMadeModel.Unverified with { ServerName = "other.test" }, RawBackend.Refusing());
        proxy.DataPlane.Apply(proxy.Model.RemoveHost(ProxyUnderTest.Host));
        proxy.DataPlane.Apply(proxy.Model.RemoveBackend(HandMadeModel.Key("web")));
        GC.Collect();
        more.SetResult();

        Assert.Equal("data: 1\n\ndata: 2\n\n", await response.Content.ReadAsStringAsync().InTime());
    }

    [Theory]
    [InlineData(BackendProtocol.Https)]
    [InlineData(BackendProtocol.H2)]
    public async Task A_stream_that_stands_still_ends_by_the_limit_of_its_route(BackendProtocol protocol)
    {
        await using var backend = await EchoBackend.StartAsync(protocols: HttpProtocols.Http1AndHttp2, tls: true);
        backend.Answer = async context =>
        {
            await context.Response.WriteAsync("data: 1\n\n", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        };
        await using var proxy = await ProxyUnderTest.StartAsync();
        proxy.Serve(HandMadeModel.Key("web", UpstreamPolicy.Default with { IdleTimeout = TimeSpan.FromMilliseconds(300) }), protocol, backend.Destination);
        proxy.DataPlane.Apply(proxy.Model.Backend(HandMadeModel.Key("patient"), protocol, null, backend.Destination));
        proxy.DataPlane.Apply(proxy.Model.Route(ProxyUnderTest.Host, "/patient", HandMadeModel.Key("patient")));
        using var client = proxy.CreateClient();

        using var patient = await client.GetAsync("/patient", HttpCompletionOption.ResponseHeadersRead).InTime();
        using var hasty = await client.GetAsync("/hasty", HttpCompletionOption.ResponseHeadersRead).InTime();
        await using var body = await hasty.Content.ReadAsStreamAsync();
        await Assert.ThrowsAnyAsync<IOException>(() => body.CopyToAsync(Stream.Null).InTime());

        Assert.Contains("\"reason\":\"IdleTimeout\"", await proxy.Log.LineAsync("/hasty"), StringComparison.Ordinal);
        Assert.DoesNotContain(proxy.Log.Lines, line => line.Contains("/patient", StringComparison.Ordinal));
    }
}
