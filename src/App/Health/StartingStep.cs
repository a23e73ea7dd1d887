namespace IngressController.App.Health;

/// <summary>Answers 503 to whoever comes before the first whole configuration.</summary>
internal sealed class StartingStep(RequestDelegate next, Readiness readiness)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (!readiness.IsStarting)
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        context.Response.Headers.RetryAfter = "1";
        return Task.CompletedTask;
    }
}
