using System.Diagnostics;
using IngressController.Proxy.Backends;
using IngressController.Proxy.Forwarding;
using IngressController.Proxy.Observing;
using IngressController.Proxy.Tracing;
using IngressController.Routing.Model;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace IngressController.Proxy.Pipeline;

/// <summary>
/// Step 10, the last: picks a destination and carries request and answer. Where no connection comes about, nothing of the request has been sent yet
/// (connecting precedes the body), so another destination is tried, each at most once.
/// </summary>
internal sealed class ForwardStep(IHttpForwarder forwarder, UpstreamClients clients, TlsFailureLog tlsFailures, RequestSpans spans, TimeProvider time)
{
    private const int MostTries = 3;

    public async Task InvokeAsync(HttpContext context)
    {
        var exchange = Exchange.Of(context);
        var backend = exchange.Route!.Backend!;
        var destination = backend.Pick(context, exchange.Client, []);
        if (destination is null)
        {
            await BuiltInAnswer.WriteAsync(context, exchange, StatusCodes.Status503ServiceUnavailable, backend.WhyNone);
            return;
        }

        Http3Reset.Set(context);
        DestinationState[] tried = [];
        while (true)
        {
            if (await TryAsync(context, exchange, backend, destination) is not { } failure)
            {
                return;
            }

            if (failure is { Reason: Reason.TlsFailed, BeforeSending: false } && backend.Setting.Tls is { } tls)
            {
                tlsFailures.Tell(destination.DestinationId, tls, CauseOf(context)!.GetBaseException().Message); // the handshake was over, so its log knows nothing
            }

            tried = [.. tried, destination];
            var next = failure.BeforeSending && tried.Length < MostTries ? backend.Pick(context, exchange.Client, tried) : null;
            if (next is null)
            {
                await FailAsync(context, exchange, failure);
                return;
            }

            destination = next;
            StartAgain(context);
        }
    }

    /// <returns>Null where the answer was carried.</returns>
    private async ValueTask<Failure?> TryAsync(HttpContext context, Exchange exchange, ProxyBackend backend, DestinationState destination)
    {
        var (started, traffic) = (time.GetTimestamp(), backend.Traffic.Of(destination.DestinationId));
        var span = exchange.Span is { } request ? BeginSpan(context, exchange, request, destination) : null;
        Failure? failure = new(StatusCodes.Status500InternalServerError, Reason.InternalError);
        Internals.RequestStarted(destination);
        traffic.Begin();
        try
        {
            var error = backend.Setting.ProxyProtocol == ProxyProtocolVersion.None
                ? await SendAsync(context, backend, destination, backend.Cluster.Model.HttpClient)
                : await SendByOwnAsync(context, exchange, backend, destination);
            return failure = error == ForwarderError.None ? null : FailureOf(error, CauseOf(context), context, exchange);
        }
        finally
        {
            Internals.RequestEnded(destination);
            var why = failure?.Reason.Word() ?? "";
            var attempt = new UpstreamTry(destination.DestinationId, exchange.UpstreamStatus, exchange.Body.Bytes, time.GetElapsedTime(started)) { Failure = why };
            RequestSpans.EndTry(span, exchange.UpstreamStatus, why);
            exchange.Tried(attempt);
            traffic.End(time.GetUtcNow(), attempt, failure);
        }
    }

    /// <summary>The destination's own spans belong to this try; where nothing is recorded, to the request.</summary>
    private Activity? BeginSpan(HttpContext context, Exchange exchange, Activity request, DestinationState destination)
    {
        var span = spans.BeginTry(request, context.Request.Method, destination, exchange.Tries);
        context.Request.Headers.TraceParent = (span ?? request).Id;
        return span;
    }

    private async ValueTask<ForwarderError> SendByOwnAsync(HttpContext context, Exchange exchange, ProxyBackend backend, DestinationState destination)
    {
        var own = OwnClients.Of(context);
        var client = own.Borrow(backend.Setting, context.Connection, exchange.Client, clients);
        try
        {
            return await SendAsync(context, backend, destination, client.Invoker);
        }
        finally
        {
            own.Return(client);
        }
    }

    private ValueTask<ForwarderError> SendAsync(HttpContext context, ProxyBackend backend, DestinationState destination, HttpMessageInvoker client) =>
        forwarder.SendAsync(
            context, destination.Model.Config.Address, client, backend.Cluster.Model.Config.HttpRequest!, UpstreamTransformer.Instance);

    private static Exception? CauseOf(HttpContext context) => context.Features.Get<IForwarderErrorFeature>()?.Exception;

    /// <summary>Where both sides were silent, the client was to speak first.</summary>
    private static Failure FailureOf(ForwarderError error, Exception? cause, HttpContext context, Exchange exchange)
    {
        var failure = Failure.Of(error, cause, context);
        var isStalled = failure.Reason is Reason.BrokenRequestBody or Reason.ResponseTimeout or Reason.IdleTimeout && exchange.Upload is { IsStalled: true };
        return isStalled ? new(StatusCodes.Status408RequestTimeout, Reason.BodyTimeout) : failure;
    }

    /// <summary>YARP has set a status and noted the error; it would take both for a response that is already under way.</summary>
    private static void StartAgain(HttpContext context)
    {
        context.Response.Clear();
        context.Features.Set<IForwarderErrorFeature>(null);
    }

    private static Task FailAsync(HttpContext context, Exchange exchange, Failure failure)
    {
        exchange.Reason = failure.Reason;
        if (context.Response.HasStarted || failure.Reason == Reason.ClientClosed)
        {
            return Task.CompletedTask; // YARP has cut the connection where the answer was not whole
        }

        if (exchange.UpstreamStatus == context.Response.StatusCode)
        {
            return Task.CompletedTask; // the answer is whole; only the rest of the request's body found no reader
        }

        context.Response.Clear();
        return BuiltInAnswer.WriteAsync(context, exchange, failure.Status, failure.Reason);
    }
}
