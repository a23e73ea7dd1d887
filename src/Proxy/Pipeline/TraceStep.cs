using System.Diagnostics;
using IngressController.Proxy.Tracing;
using Microsoft.AspNetCore.Http;

namespace IngressController.Proxy.Pipeline;

/// <summary>
/// Step 4, where traces are wanted: the request's span begins, as part of the client's trace where that is believed, else of a new one. It ends where the request does
/// (<see cref="Observing.FinishedRequests"/>). Without this step a client's trace context passes as it came.
/// </summary>
internal sealed class TraceStep(RequestDelegate next, RequestSpans spans, TraceContext believed)
{
    public Task InvokeAsync(HttpContext context)
    {
        var exchange = Exchange.Of(context);
        var headers = context.Request.Headers;
        var known = headers.TraceParent.Count == 1 && ActivityContext.TryParse(headers.TraceParent, headers.TraceState, isRemote: true, out var parsed) ? parsed : default;
        var goesOn = known != default && (believed == TraceContext.Always || (believed == TraceContext.Trusted && exchange.IsPeerTrusted));
        var span = goesOn ? spans.Begin(context.Request.Method, known, default) : spans.Begin(context.Request.Method, default, known);
        if (span is null)
        {
            return next(context);
        }

        if (!goesOn)
        {
            headers.Remove("tracestate");
        }

        headers.TraceParent = span.Id;
        (exchange.Span, exchange.TraceId) = (span, span.TraceId.ToHexString());
        return next(context);
    }
}
