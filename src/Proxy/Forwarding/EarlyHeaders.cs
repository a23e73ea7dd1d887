using Microsoft.AspNetCore.Http;

namespace IngressController.Proxy.Forwarding;

/// <summary>
/// YARP sends the response's headers with the first bytes of its body. A backend that sends headers and then thinks (server-sent events, long polls,
/// gRPC) means them to arrive, so they go out as soon as the body lets us wait.
/// </summary>
internal static class EarlyHeaders
{
    /// <summary>
    /// Where the body, or its end, is already here, nothing is sent early: headers and body share a packet, and a gRPC answer of trailers only stays one.
    /// </summary>
    public static async ValueTask PassOnAsync(HttpResponse response, HttpResponseMessage upstream, CancellationToken cancellationToken)
    {
        var body = await upstream.Content.ReadAsStreamAsync(cancellationToken); // the same stream that YARP reads next
        var someBytes = body.ReadAsync(Memory<byte>.Empty, cancellationToken);
        if (someBytes.IsCompletedSuccessfully)
        {
            _ = someBytes.Result;
            return;
        }

        try
        {
            await response.Body.FlushAsync(cancellationToken);
            await someBytes;
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // YARP meets the same end when it copies the body, where it knows what to do about it.
        }
    }
}
