using System.Collections.Frozen;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace IngressController.Proxy.Pipeline;

/// <summary>What the controller itself answers: small, without a word about what stands behind it. JSON for those who ask for it, a gRPC status for calls, else HTML.</summary>
internal static class BuiltInAnswer
{
    private static readonly FrozenDictionary<int, Bodies> ByStatus = new[] { 400, 403, 404, 405, 408, 413, 414, 421, 500, 501, 502, 503, 504 }
        .ToFrozenDictionary(status => status, status => Bodies.Of(status, ReasonPhrases.GetReasonPhrase(status)));

    /// <summary>In nginx's words, which people look up: what is wrong is in their hands, and a plain 400 would not tell.</summary>
    private static readonly FrozenDictionary<Reason, Bodies> ByReason = new Dictionary<Reason, Bodies>
    {
        [Reason.ClientCertificateMissing] = Bodies.Of(400, "No required SSL certificate was sent"),
        [Reason.ClientCertificateInvalid] = Bodies.Of(400, "The SSL certificate error"),
    }.ToFrozenDictionary();

    public static Task WriteAsync(HttpContext context, Exchange exchange, int status, Reason reason)
    {
        exchange.Reason = reason;
        var response = context.Response;
        response.Headers[RequestIdStep.Header] = exchange.RequestId;
        if (GrpcAnswer.IsAskedFor(context.Request, status))
        {
            GrpcAnswer.Write(response, status);
            return Task.CompletedTask;
        }

        response.StatusCode = status;
        if (!ByStatus.TryGetValue(status, out var bodies))
        {
            return Task.CompletedTask;
        }

        bodies = ByReason.GetValueOrDefault(reason, bodies);
        var asJson = WantsJson(context.Request.Headers.Accept.ToString());
        var body = asJson ? bodies.Json : bodies.Html;
        response.ContentType = asJson ? "application/json" : "text/html; charset=utf-8";
        response.ContentLength = body.Length;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }

    private static bool WantsJson(string accept)
    {
        var json = accept.IndexOf("application/json", StringComparison.OrdinalIgnoreCase);
        return json >= 0 && !accept.AsSpan(0, json).Contains("text/html", StringComparison.OrdinalIgnoreCase);
    }

    private sealed record Bodies(ReadOnlyMemory<byte> Html, ReadOnlyMemory<byte> Json)
    {
        public static Bodies Of(int status, string title)
        {
            var html = string.Create(
                CultureInfo.InvariantCulture,
                $"<!doctype html>\n<html lang=\"en\"><head><title>{status} {title}</title></head>\n<body><h1>{status} {title}</h1></body></html>\n");
            var json = string.Create(CultureInfo.InvariantCulture, $"{{\"status\":{status},\"error\":\"{title}\"}}\n");
            return new(System.Text.Encoding.UTF8.GetBytes(html), System.Text.Encoding.UTF8.GetBytes(json));
        }
    }
}
