using Microsoft.AspNetCore.Routing;

namespace IngressController.App.Health;

/// <summary>What a kubelet asks.</summary>
internal static class HealthEndpoints
{
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    /// <summary><c>/livez</c>: 200 as long as the process answers. <c>/readyz</c>: 200, or 503 with the reason in one line.</summary>
    public static void MapHealth(this IEndpointRouteBuilder admin, Readiness readiness)
    {
        admin.MapMethods("/livez", Methods, context => WriteAsync(context, StatusCodes.Status200OK, "ok"));
        admin.MapMethods("/readyz", Methods, context => readiness.Obstacle is { } obstacle
            ? WriteAsync(context, StatusCodes.Status503ServiceUnavailable, obstacle)
            : WriteAsync(context, StatusCodes.Status200OK, "ready"));
    }

    private static Task WriteAsync(HttpContext context, int status, string line)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.ContentLength = line.Length + 1;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.WriteAsync($"{line}\n", context.RequestAborted);
    }
}
