using IngressController.Proxy.AccessLog;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.ObjectPool;

namespace IngressController.Proxy.Pipeline;

/// <summary>
/// Step 1: one line for every request, however it ends. Outermost, so that it sees the final status; it also holds what the other steps know
/// and is where an unexpected exception ends.
/// </summary>
internal sealed class AccessLogStep(RequestDelegate next, DataPlane dataPlane, AccessLogQueue queue, TimeProvider time, ILogger<DataPlane> logger)
{
    private const int ClientClosedRequest = 499; // nginx's status for a client that did not wait for the answer

    private readonly DefaultObjectPool<Exchange> pool = new(new DefaultPooledObjectPolicy<Exchange>(), maximumRetained: 4096);

    public async Task InvokeAsync(HttpContext context)
    {
        var started = time.GetTimestamp();
        var exchange = pool.Get();
        exchange.Begin(context);
        try
        {
            await next(context);
        }
        catch (Exception e)
        {
            await FailAsync(context, exchange, e);
        }
        finally
        {
            queue.Write(Line(context, exchange, started));
            exchange.End(context);
            pool.Return(exchange);
        }
    }

    private async Task FailAsync(HttpContext context, Exchange exchange, Exception e)
    {
        if (context.RequestAborted.IsCancellationRequested)
        {
            exchange.Reason = Reason.ClientClosed;
            return;
        }

        Log.RequestFailed(logger, exchange.RequestId, e);
        if (context.Response.HasStarted)
        {
            exchange.Reason = Reason.InternalError;
            context.Abort();
            return;
        }

        context.Response.Clear();
        await BuiltInAnswer.WriteAsync(context, exchange, StatusCodes.Status500InternalServerError, Reason.InternalError);
    }

    private AccessLogLine Line(HttpContext context, Exchange exchange, long started)
    {
        var isCut = exchange.Reason == Reason.ClientClosed && dataPlane.IsCuttingOff;
        exchange.Reason = isCut ? Reason.ShuttingDown : exchange.Reason;
        var gone = exchange.Reason is Reason.ClientClosed or Reason.ShuttingDown && !context.Response.HasStarted;
        return new AccessLogLine(
            time.GetUtcNow(),
            exchange.Client,
            context.Request.Method,
            context.Request.Host.Value ?? "",
            exchange.Target,
            gone ? (isCut ? StatusCodes.Status503ServiceUnavailable : ClientClosedRequest) : context.Response.StatusCode,
            exchange.Body.Bytes,
            time.GetElapsedTime(started),
            exchange.Route?.Ingress ?? "",
            exchange.Route?.Service ?? "",
            exchange.Destination?.DestinationId ?? "",
            time.GetElapsedTime(0, exchange.UpstreamTime),
            exchange.RequestId,
            exchange.Reason.Word());
    }
}
