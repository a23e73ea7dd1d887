using System.Diagnostics;
using IngressController.Proxy.Tracing;
using Microsoft.AspNetCore.Http;

namespace IngressController.Proxy.Pipeline;

/// <summary>
/// Step 4, where traces are wanted: the request's span begins, as part of the client's trace where that is believed, else of a new one. It ends where the request does
/// (<see cref="Observing.FinishedRequests"/>). Most traces are not recorded: of these nothing is made but the names that the backend and the access log know them by.
/// Without this step a client's trace context passes as it came.
/// </summary>
internal sealed class TraceStep(RequestDelegate next, RequestSpans spans, TraceSampler isRecorded, TraceContext believed)
{
    public Task InvokeAsync(HttpContext context)
    {
        var exchange = Exchange.Of(context);
        var headers = context.Request.Headers;
        var known = TraceParent.Read(headers.TraceParent, headers.TraceState);
        var goesOn = known != default && (believed == TraceContext.Always || (believed == TraceContext.Trusted && exchange.IsPeerTrusted));
        var none = default(ActivityContext);
        var (trace, parent, cause) = goesOn ? (known.TraceId, known, none) : (ActivityTraceId.CreateRandom(), none, known);
        if (!goesOn)
        {
            headers.TraceState = default;
        }

        exchange.TraceId = trace.ToHexString();
        exchange.Span = isRecorded(trace, parent) ? spans.Begin(context.Request.Method, trace, parent, cause) : null;
        headers.TraceParent = exchange.Span?.Id ?? TraceParent.Unrecorded(exchange.TraceId);
        return next(context);
    }
}
