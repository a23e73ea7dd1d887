using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace IngressController.Proxy.Observing;

/// <summary>What a client has sent before the body.</summary>
internal static class SentHead
{
    private const int EndOfLine = 2;

    /// <summary>
    /// Bytes of the request's line and headers as HTTP/1.1 writes them, with one space after each colon: the server does not keep how many there were.
    /// A request over HTTP/2, whose headers are compressed, counts the same.
    /// </summary>
    public static int Length(HttpContext context)
    {
        const int protocol = 8; // HTTP/1.1
        var target = context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
        var length = context.Request.Method.Length + 1 + target.Length + 1 + protocol + EndOfLine + EndOfLine;
        foreach (var (name, values) in context.Request.Headers)
        {
            foreach (var value in values)
            {
                length += name.Length + ": ".Length + (value?.Length ?? 0) + EndOfLine; // headers are read as Latin-1: a character is a byte
            }
        }

        return length;
    }

    /// <summary>A header's lines as one (RFC 9110 section 5.3); null where there is none.</summary>
    public static string? Line(StringValues lines) => lines.Count switch
    {
        0 => null,
        1 => lines[0],
        _ => string.Join(", ", (IEnumerable<string?>)lines),
    };
}
