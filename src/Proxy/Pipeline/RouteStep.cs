using IngressController.Proxy.Observing;
using IngressController.Proxy.Observing.Traffic;
using IngressController.Routing.Matching;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace IngressController.Proxy.Pipeline;

/// <summary>Step 6: host and path pick the route. The tables are read once; a request keeps them while others are published.</summary>
/// <param name="mostBytes">Of the request's line. Kestrel lets more through, because over HTTP/2 it would reset the stream and tell nobody.</param>
internal sealed class RouteStep(RequestDelegate next, DataPlane dataPlane, RequestCounting counting, TrafficBook traffic, int mostBytes)
{
    public Task InvokeAsync(HttpContext context)
    {
        var exchange = Exchange.Of(context);
        var sent = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        exchange.Target = sent;
        if (!dataPlane.IsServing)
        {
            context.Response.Headers.RetryAfter = "1";
            return BuiltInAnswer.WriteAsync(context, exchange, StatusCodes.Status503ServiceUnavailable, Reason.Starting);
        }

        if (LineLength(context.Request.Method, sent) > mostBytes)
        {
            return BuiltInAnswer.WriteAsync(context, exchange, StatusCodes.Status414UriTooLong, Reason.RequestLineTooLong);
        }

        if (UnsupportedMethod(context) is { } status)
        {
            return BuiltInAnswer.WriteAsync(context, exchange, status, Reason.UnsupportedMethod);
        }

        var tables = exchange.Tables = dataPlane.Tables;

        // HTTP/2 lets more through than a request line can carry; what is not visible ASCII could end the line early at an HTTP/1.1 backend.
        if (sent.AsSpan().ContainsAnyExceptInRange('!', '~')
            || tables.Routes.Match(context.Request.Headers.Host.ToString(), sent, out var match) != TargetVerdict.Matched)
        {
            return BuiltInAnswer.WriteAsync(context, exchange, StatusCodes.Status400BadRequest, Reason.MalformedTarget);
        }

        exchange.Target = sent.StartsWith('/') ? sent : RequestPath.OriginForm(sent).ToString();
        if (match.Route is { } route)
        {
            exchange.Route = route;
            counting.Begin(route.Names);
            traffic.Begin(route);
        }

        return next(context);
    }

    /// <summary>Of the line that HTTP/1.1 has for it, whatever it came by.</summary>
    private static int LineLength(string method, string target) => method.Length + target.Length + "  HTTP/1.1\r\n".Length;

    /// <summary>CONNECT is forwarded only where it carries a WebSocket (RFC 8441). This is no forward proxy.</summary>
    private static int? UnsupportedMethod(HttpContext context)
    {
        if (!HttpMethods.IsConnect(context.Request.Method))
        {
            return null;
        }

        var extended = context.Features.Get<IHttpExtendedConnectFeature>();
        return extended is not { IsExtendedConnect: true } ? StatusCodes.Status405MethodNotAllowed
            : string.Equals(extended.Protocol, "websocket", StringComparison.OrdinalIgnoreCase) ? null
            : StatusCodes.Status501NotImplemented;
    }
}
