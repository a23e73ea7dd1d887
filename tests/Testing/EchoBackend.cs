using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using IngressController.Routing.Model;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace IngressController.Testing;

/// <summary>What a backend received, byte for byte where HTTP gives bytes.</summary>
/// <param name="Backend">The name of the backend that received it.</param>
/// <param name="Target">The request target as on the wire.</param>
/// <param name="Headers">By lower-case name; values of several lines are joined by <c>|</c>.</param>
public sealed record EchoedRequest(
    string Backend, string Protocol, string Method, string Target, IReadOnlyDictionary<string, string> Headers, long BodyLength)
{
    public string? Header(string name) => Headers.GetValueOrDefault(name.ToLowerInvariant());
}

/// <summary>
/// A real Kestrel on loopback that reads each request to its end, records it, and answers it as JSON. <see cref="Answer"/> replaces reading and
/// answering: delays, streams, trailers, upgrades and statuses are a few lines in the test that wants them.
/// </summary>
public sealed class EchoBackend : IAsyncDisposable
{
    private readonly WebApplication app;

    private EchoBackend(WebApplication app, string name) => (this.app, Name) = (app, name);

    public string Name { get; }

    public int Port => new Uri(app.Urls.First()).Port;

    public Destination Destination => new("127.0.0.1", Port);

    public ConcurrentQueue<EchoedRequest> Requests { get; } = new();

    /// <summary>The only request so far.</summary>
    public EchoedRequest Single => Requests.Single();

    public Func<HttpContext, Task>? Answer { get; set; }

    /// <param name="address">Loopback where null.</param>
    /// <param name="protocols">Http2 without TLS is h2c with prior knowledge.</param>
    /// <param name="https">How TLS is spoken; with <paramref name="tls"/> alone it has a certificate that nobody trusts.</param>
    public static async Task<EchoBackend> StartAsync(
        string name = "echo",
        HttpProtocols protocols = HttpProtocols.Http1,
        bool tls = false,
        int port = 0,
        IPAddress? address = null,
        Action<HttpsConnectionAdapterOptions>? https = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(server =>
        {
            server.RequestHeaderEncodingSelector = _ => Encoding.Latin1;
            server.ResponseHeaderEncodingSelector = _ => Encoding.Latin1;
            server.Limits.MaxRequestBodySize = null;
            server.Limits.MaxRequestHeadersTotalSize = 1 << 20; // what may pass is for the proxy to say
            server.AddServerHeader = false;
            server.Listen(address ?? IPAddress.Loopback, port, listener =>
            {
                listener.Protocols = protocols;
                if (tls || https is not null)
                {
                    listener.UseHttps(options =>
                    {
                        options.ServerCertificate = SelfSigned.Certificate;
                        https?.Invoke(options);
                    });
                }
            });
        });
        var app = builder.Build();
        var backend = new EchoBackend(app, name);
        app.UseWebSockets();
        app.Run(backend.HandleAsync);
        await app.StartAsync();
        return backend;
    }

    public async ValueTask DisposeAsync()
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(500), TimeProvider.System);
        await app.StopAsync(soon.Token);
        await app.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext context)
    {
        if (Answer is { } answer)
        {
            Requests.Enqueue(Record(context, 0));
            await answer(context);
            return;
        }

        var request = Record(context, await LengthAsync(context.Request.Body, context.RequestAborted));
        Requests.Enqueue(request);
        await context.Response.WriteAsJsonAsync(request, JsonSerializerOptions.Web, context.RequestAborted);
    }

    private EchoedRequest Record(HttpContext context, long bodyLength) => new(
        Name,
        context.Request.Protocol,
        context.Request.Method,
        context.Features.Get<IHttpRequestFeature>()!.RawTarget,
        context.Request.Headers.ToDictionary(header => header.Key.ToLowerInvariant(), header => string.Join('|', header.Value.ToArray())),
        bodyLength);

    private static async Task<long> LengthAsync(Stream body, CancellationToken cancellationToken)
    {
        var (buffer, length) = (new byte[64 * 1024], 0L);
        while (await body.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            length += read;
        }

        return length;
    }
}
