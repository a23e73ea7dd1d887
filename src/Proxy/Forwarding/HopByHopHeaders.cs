using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace IngressController.Proxy.Forwarding;

/// <summary>
/// RFC 9110 section 7.6.1: what Connection names is for us alone, in both directions. The fixed ones (Keep-Alive, TE, Upgrade ...) are left behind by
/// YARP's transformer, which also restores Upgrade for WebSocket and TE: trailers for gRPC.
/// </summary>
internal static class HopByHopHeaders
{
    public static void Remove(IHeaderDictionary request)
    {
        request.Remove("Proxy"); // httpoxy: CGI programs take it for the HTTP_PROXY variable
        RemoveNamed(request, request.Connection);
    }

    public static void RemoveNamed(IHeaderDictionary headers, StringValues connection)
    {
        foreach (var line in connection)
        {
            foreach (var range in line.AsSpan().Split(','))
            {
                var name = line.AsSpan(range).Trim();
                if (!name.IsEmpty && !IsKept(name))
                {
                    headers.Remove(name.ToString());
                }
            }
        }
    }

    /// <summary>Options that name no header, and headers that a sender may not name: without them the message would be another one.</summary>
    private static bool IsKept(ReadOnlySpan<char> name) =>
        Is(name, "keep-alive") || Is(name, "close") || Is(name, "upgrade") || Is(name, "te")
        || Is(name, "host") || Is(name, "content-length") || Is(name, "transfer-encoding");

    private static bool Is(ReadOnlySpan<char> name, string other) => name.Equals(other, StringComparison.OrdinalIgnoreCase);
}
