using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace IngressController.Testing.Otlp;

/// <summary>One push as it came.</summary>
/// <param name="Signal"><c>metrics</c> or <c>traces</c>.</param>
/// <param name="Headers">By name in lower case.</param>
public sealed record OtlpPush(string Signal, IReadOnlyDictionary<string, string> Headers, ProtobufMessage Message);

/// <summary>
/// A collector of OpenTelemetry: OTLP over HTTP with protobuf and over gRPC (https://opentelemetry.io/docs/specs/otlp/), on one port each. As strict as a real one:
/// another path, method, type or encoding, a frame of the wrong length or a broken message is refused as the protocol says.
/// </summary>
public sealed class OtlpReceiver : IAsyncDisposable
{
    private const string Metrics = "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export";
    private const string Traces = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";
    private const int InvalidArgument = 3;
    private const int Unimplemented = 12;

    private readonly WebApplication app;
    private readonly ConcurrentQueue<OtlpPush> pushes = new();
    private readonly ConcurrentQueue<string> refused = new();

    private OtlpReceiver(WebApplication app) => this.app = app;

    /// <summary>Where to push over HTTP.</summary>
    public Uri Http => new(app.Urls.First());

    /// <summary>Where to push over gRPC.</summary>
    public Uri Grpc => new(app.Urls.Last());

    public IReadOnlyCollection<OtlpPush> Pushes => pushes;

    /// <summary>What was wrong with those that were not taken.</summary>
    public IReadOnlyCollection<string> Refused => refused;

    /// <param name="httpPort">0: any free port.</param>
    public static async Task<OtlpReceiver> StartAsync(int httpPort = 0)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, httpPort, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        });
        builder.Services.AddRoutingCore();
        var app = builder.Build();
        var receiver = new OtlpReceiver(app);
        app.Run(receiver.AnswerAsync);
        await app.StartAsync();
        return receiver;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private Task AnswerAsync(HttpContext context) => context.Request.Protocol == HttpProtocol.Http2 ? AnswerGrpcAsync(context) : AnswerHttpAsync(context);

    private async Task AnswerHttpAsync(HttpContext context)
    {
        var signal = context.Request.Path.Value switch { "/v1/metrics" => "metrics", "/v1/traces" => "traces", _ => null };
        var status = signal is null ? StatusCodes.Status404NotFound
            : context.Request.Method != "POST" ? StatusCodes.Status405MethodNotAllowed
            : context.Request.ContentType != "application/x-protobuf" || context.Request.Headers.ContentEncoding.Count > 0 ? StatusCodes.Status415UnsupportedMediaType
            : Take(signal, context, await BodyAsync(context)) ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest;
        Note(context, status == StatusCodes.Status200OK ? null : $"{status}");
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/x-protobuf";
    }

    private async Task AnswerGrpcAsync(HttpContext context)
    {
        var signal = context.Request.Path.Value switch { Metrics => "metrics", Traces => "traces", _ => null };
        var isCall = context.Request is { Method: "POST", ContentType: "application/grpc" } && context.Request.Headers.TE == "trailers";
        var body = await BodyAsync(context);
        var isFrame = body.Length >= 5 && body[0] == 0 && BinaryPrimitives.ReadUInt32BigEndian(body.AsSpan(1)) == body.Length - 5;
        var status = signal is null ? Unimplemented : isCall && isFrame && Take(signal, context, body[5..]) ? 0 : InvalidArgument;
        Note(context, status == 0 ? null : $"status {status}");
        context.Response.ContentType = "application/grpc";
        context.Response.DeclareTrailer("grpc-status");
        await context.Response.Body.WriteAsync(new byte[status == 0 ? 5 : 0]); // an empty message
        context.Response.AppendTrailer("grpc-status", status.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    private bool Take(string signal, HttpContext context, byte[] body)
    {
        try
        {
            var headers = context.Request.Headers.ToDictionary(header => header.Key.ToLowerInvariant(), header => header.Value.ToString());
            pushes.Enqueue(new(signal, headers, ProtobufMessage.Parse(body)));
            return true;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    private void Note(HttpContext context, string? wrong)
    {
        if (wrong is not null)
        {
            refused.Enqueue($"{context.Request.Method} {context.Request.Path} {context.Request.ContentType}: {wrong}");
        }
    }

    private static async Task<byte[]> BodyAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        return body.ToArray();
    }
}
