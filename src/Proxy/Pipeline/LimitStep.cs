using IngressController.Proxy.Limits;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace IngressController.Proxy.Pipeline;

/// <summary>Keeps the limits that are about one request: the time for its body and for its answer, and its number on its connection. Counts what later steps refuse for a limit.</summary>
internal sealed class LimitStep(RequestDelegate next, LimitOptions limits, LimitMetrics metrics, TimeProvider time)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var exchange = Exchange.Of(context);
        var requests = context.Features.Get<ConnectionRequests>();
        var number = requests?.Begin();
        try
        {
            if (number == limits.MaxRequestsPerConnection)
            {
                metrics.Hit(Limit.RequestsPerConnection);
                context.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
            }

            Watch(context, exchange);
            await next(context);
        }
        finally
        {
            requests?.End();
        }

        if (LimitOf(exchange.Reason) is { } limit)
        {
            metrics.Hit(limit, exchange.Route);
        }
    }

    private void Watch(HttpContext context, Exchange exchange)
    {
        if (HttpProtocol.IsHttp2(context.Request.Protocol) || HttpProtocol.IsHttp3(context.Request.Protocol))
        {
            exchange.Body.Watch = new(limits.WriteTimeout, time, () => CutOff(context, exchange)); // its streams can stand still each by itself
        }

        if (context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true })
        {
            context.Request.Body = IsTimed(context.Request)
                ? exchange.Upload = new(context.Request.Body, context.Response, limits, time)
                : exchange.Stream = new(context.Request.Body);
        }
    }

    private static Limit? LimitOf(Reason reason) => reason switch
    {
        Reason.RequestLineTooLong => Limit.RequestLine,
        Reason.BodyTimeout => Limit.BodyTimeout,
        Reason.BodyTooLarge => Limit.BodySize,
        _ => null,
    };

    /// <summary>Streams in both directions are silent as long as they like; the route's idle timeout ends them.</summary>
    private static bool IsTimed(HttpRequest request) =>
        !HttpMethods.IsConnect(request.Method) && request.ContentType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) != true;

    private void CutOff(HttpContext context, Exchange exchange)
    {
        metrics.Hit(Limit.WriteTimeout, exchange.Route);
        context.Abort();
    }
}
