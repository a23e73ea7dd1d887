using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace IngressController.Proxy.Pipeline;

/// <summary>Step 3: every request has an id that the client, the backend and the access log share. A sane one of the client is kept.</summary>
internal sealed class RequestIdStep(RequestDelegate next)
{
    public const string Header = "X-Request-ID";

    private const int LongestId = 128;

    private static readonly SearchValues<char> IdCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.:=+/@");

    public Task InvokeAsync(HttpContext context)
    {
        var headers = context.Request.Headers;
        var sent = headers[Header];
        var id = sent.Count == 1 && IsSane(sent[0]) ? sent[0]! : NewId();
        headers[Header] = id;
        Exchange.Of(context).RequestId = id;
        return next(context);
    }

    internal static bool IsSane(string? id) => id is { Length: > 0 and <= LongestId } && !id.AsSpan().ContainsAnyExcept(IdCharacters);

    /// <summary>32 hexadecimal digits, as ingress-nginx makes them. It identifies, it protects nothing: not from a cryptographic source.</summary>
    private static string NewId()
    {
        Span<byte> bytes = stackalloc byte[16];
        Random.Shared.NextBytes(bytes);
        return Convert.ToHexStringLower(bytes);
    }
}
