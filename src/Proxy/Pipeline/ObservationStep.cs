using IngressController.Proxy.AccessLog;
using IngressController.Proxy.Backends;
using IngressController.Proxy.Observing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.ObjectPool;

namespace IngressController.Proxy.Pipeline;

/// <summary>
/// Step 1: tells what became of every request, however it ends. Outermost, so that it sees the final status; it also holds what the other steps know
/// and is where an unexpected exception ends.
/// </summary>
internal sealed class ObservationStep(RequestDelegate next, DataPlane dataPlane, FinishedRequests finished, AccessLogFormat log, TimeProvider time, ILogger<DataPlane> logger)
{
    public const int ClientClosedRequest = 499; // nginx's status for a client that did not wait for the answer

    private readonly DefaultObjectPool<Exchange> pool = new(new DefaultPooledObjectPolicy<Exchange>(), maximumRetained: 4096);

    public async Task InvokeAsync(HttpContext context)
    {
        var started = time.GetTimestamp();
        var exchange = pool.Get();
        exchange.Begin(context);
        exchange.HeadBytes = log.ShowsHeadBytes ? SentHead.Length(context) : 0; // before anybody changes a header
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
            finished.Tell(Record(context, exchange, started), exchange.Route, exchange.Span);
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

    private RequestRecord Record(HttpContext context, Exchange exchange, long started)
    {
        var isCut = exchange.Reason == Reason.ClientClosed && dataPlane.IsCuttingOff;
        exchange.Reason = isCut ? Reason.ShuttingDown : exchange.Reason;
        var gone = exchange.Reason is Reason.ClientClosed or Reason.ShuttingDown && !context.Response.HasStarted;
        var (request, names) = (context.Request, exchange.Route?.Names ?? RouteNames.None);
        return new()
        {
            Time = time.GetUtcNow(),
            Client = exchange.Client,
            Protocol = request.Protocol,
            IsHttps = exchange.IsHttps,
            Method = request.Method,
            Host = request.Host.Value ?? "",
            Path = exchange.Target,
            Target = context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "",
            Referer = SentHead.Line(request.Headers.Referer),
            UserAgent = SentHead.Line(request.Headers.UserAgent),
            User = log.ShowsUser ? BasicUser.Of(request.Headers.Authorization) : "",
            Status = gone ? (isCut ? StatusCodes.Status503ServiceUnavailable : ClientClosedRequest) : context.Response.StatusCode,
            HeadBytes = exchange.HeadBytes,
            RequestBytes = exchange.RequestBytes,
            Bytes = exchange.Body.Bytes,
            Duration = time.GetElapsedTime(started),
            RouteHost = exchange.Route?.Host ?? "",
            RoutePath = exchange.Route?.Path ?? "",
            Ingress = names.IngressKey,
            Service = names.ServiceKey,
            Names = names,
            Last = exchange.LastTry,
            Earlier = exchange.EarlierTries,
            RequestId = exchange.RequestId,
            TraceId = exchange.TraceId,
            Reason = exchange.Reason.Word(),
        };
    }
}
