using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace IngressController.Testing.ApiServer;

/// <summary>Requests that go wrong before anybody looks at them.</summary>
internal sealed class Faults(TimeProvider time)
{
    private readonly Lock gate = new();
    private readonly Queue<(int Code, int Seconds)> refusals = new();
    private TimeSpan delay;
    private int writesPerSecond = int.MaxValue;
    private (long Second, int Count) writes;
    private volatile TaskCompletionSource? stall;

    /// <param name="seconds">Of Retry-After; 0 for none.</param>
    public void Refuse(int code, int requests, int seconds = 0)
    {
        lock (gate)
        {
            for (var request = 0; request < requests; request++)
            {
                refusals.Enqueue((code, seconds));
            }
        }
    }

    public void Delay(TimeSpan each) => delay = each;

    public void LimitWrites(int perSecond) => writesPerSecond = perSecond;

    /// <returns>What ends that.</returns>
    public Action StallAnswers()
    {
        var stalled = stall = new(TaskCreationOptions.RunContinuationsAsynchronously);
        return () =>
        {
            stall = null;
            stalled.TrySetResult();
        };
    }

    /// <summary>After a request was carried out.</summary>
    public Task BeforeAnswerAsync(HttpContext context) =>
        HttpMethods.IsGet(context.Request.Method) || stall is not { } stalled ? Task.CompletedTask : stalled.Task.WaitAsync(context.RequestAborted);

    /// <returns>True where the request has got its answer.</returns>
    /// <exception cref="ApiFailure">500 or 503.</exception>
    public async Task<bool> MeetAsync(HttpContext context)
    {
        if (delay > TimeSpan.Zero)
        {
            await Task.Delay(delay, time, context.RequestAborted);
        }

        (int Code, int Seconds) refusal;
        lock (gate)
        {
            if (!refusals.TryDequeue(out refusal) && !IsTooMuch(context.Request, ref refusal))
            {
                return false;
            }
        }

        if (refusal.Seconds > 0)
        {
            context.Response.Headers.RetryAfter = refusal.Seconds.ToString(CultureInfo.InvariantCulture);
        }

        if (refusal.Code != StatusCodes.Status429TooManyRequests)
        {
            throw refusal.Code == 500
                ? new ApiFailure(500, "", "etcdserver: request timed out")
                : new ApiFailure(refusal.Code, "ServiceUnavailable", "the server is currently unable to handle the request");
        }

        // The filter in front of the API answers plain text, not a Status.
        context.Response.StatusCode = refusal.Code;
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        await context.Response.WriteAsync("Too many requests, please try again later.\n", context.RequestAborted);
        return true;
    }

    private bool IsTooMuch(HttpRequest request, ref (int Code, int Seconds) refusal)
    {
        if (HttpMethods.IsGet(request.Method))
        {
            return false;
        }

        var second = time.GetUtcNow().ToUnixTimeSeconds();
        writes = (second, second == writes.Second ? writes.Count + 1 : 1);
        refusal = (StatusCodes.Status429TooManyRequests, 1);
        return writes.Count > writesPerSecond;
    }
}
