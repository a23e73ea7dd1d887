using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;

namespace IngressController.Echo;

/// <summary>
/// One line of text, or everything as JSON for <c>Accept: application/json</c>. <c>?status=404</c> answers with that status, <c>?delay=500</c> after so many milliseconds.
/// </summary>
internal static class EchoAnswer
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static async Task WriteAsync(HttpContext context, string name)
    {
        var request = context.Request;
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var bytes = await CountAsync(request.Body, context.RequestAborted);
        if (Number(request, "delay") is { } delay)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(delay), TimeProvider.System, context.RequestAborted);
        }

        context.Response.StatusCode = Number(request, "status") ?? StatusCodes.Status200OK;
        if (!request.Headers.Accept.ToString().Contains("application/json", StringComparison.OrdinalIgnoreCase))
        {
            context.Response.ContentType = "text/plain; charset=utf-8";
            await context.Response.WriteAsync($"{name} answers {request.Method} {target} for {request.Host}\n", context.RequestAborted);
            return;
        }

        var answer = new
        {
            backend = name,
            method = request.Method,
            target,
            host = request.Host.Value,
            protocol = request.Protocol,
            bodyBytes = bytes,
            headers = request.Headers.OrderBy(header => header.Key, StringComparer.Ordinal).ToDictionary(header => header.Key, header => header.Value.ToString()),
        };
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(JsonSerializer.Serialize(answer, Indented) + "\n", context.RequestAborted);
    }

    private static int? Number(HttpRequest request, string name) =>
        int.TryParse(request.Query[name], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= 60_000 ? number : null;

    private static async Task<long> CountAsync(Stream body, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 * 1024];
        var total = 0L;
        while (await body.ReadAsync(buffer, cancellationToken) is var read and > 0)
        {
            total += read;
        }

        return total;
    }
}
