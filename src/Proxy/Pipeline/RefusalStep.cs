using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace IngressController.Proxy.Pipeline;

/// <summary>Step 9: what has no route is not found, what is refused answers in its place, and what is too big is not taken.</summary>
internal sealed class RefusalStep(RequestDelegate next, IOptions<ProxyOptions> options)
{
    private readonly long? wholeServer = options.Value.Policies.MaxBodySize;

    public Task InvokeAsync(HttpContext context)
    {
        var exchange = Exchange.Of(context);
        return exchange.Route switch
        {
            null => BuiltInAnswer.WriteAsync(context, exchange, StatusCodes.Status404NotFound, Reason.NoRoute),
            { Backend: null } refused => BuiltInAnswer.WriteAsync(context, exchange, StatusCodes.Status503ServiceUnavailable, refused.Refusal),
            { } route when (route.Policies.MaxBodySize ?? wholeServer) is { } limit && !IsWithin(context, limit) =>
                BuiltInAnswer.WriteAsync(context, exchange, StatusCodes.Status413PayloadTooLarge, Reason.BodyTooLarge),
            _ => next(context),
        };
    }

    /// <summary>
    /// False where the length is known beforehand and too big. Where it is not known, reading fails as soon as there is more; whatever has gone to the backend by
    /// then is no whole request. Bytes of a tunnel are no body.
    /// </summary>
    private static bool IsWithin(HttpContext context, long limit)
    {
        if (context.Request.ContentLength > limit)
        {
            return false;
        }

        if (context.Request.ContentLength is null && limit < long.MaxValue && !HttpMethods.IsConnect(context.Request.Method)
            && context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true })
        {
            context.Request.Body = new LimitedBody(context.Request.Body, limit);
        }

        return true;
    }
}
