using IngressController.Proxy.Backends;
using IngressController.Proxy.Forwarding;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace IngressController.Proxy.Pipeline;

/// <summary>
/// Step 5, the last: picks a destination and carries request and answer. Where no connection comes about, nothing of the request has been sent yet
/// (connecting precedes the body), so another destination is tried, each at most once.
/// </summary>
internal sealed class ForwardStep(IHttpForwarder forwarder, TimeProvider time)
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

        DestinationState[] tried = [];
        while (true)
        {
            exchange.Destination = destination;
            var error = await SendAsync(context, exchange, backend, destination);
            if (error == ForwarderError.None)
            {
                return;
            }

            var failure = FailureOf(error, context, exchange);
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

    private async ValueTask<ForwarderError> SendAsync(HttpContext context, Exchange exchange, ProxyBackend backend, DestinationState destination)
    {
        var cluster = backend.Cluster.Model;
        var started = time.GetTimestamp();
        Internals.RequestStarted(destination);
        try
        {
            return await forwarder.SendAsync(
                context, destination.Model.Config.Address, cluster.HttpClient, cluster.Config.HttpRequest!, UpstreamTransformer.Instance);
        }
        finally
        {
            Internals.RequestEnded(destination);
            exchange.UpstreamTime += time.GetTimestamp() - started;
        }
    }

    /// <summary>Where both sides were silent, the client was to speak first.</summary>
    private static Failure FailureOf(ForwarderError error, HttpContext context, Exchange exchange)
    {
        var failure = Failure.Of(error, context.Features.Get<IForwarderErrorFeature>()?.Exception, context);
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
