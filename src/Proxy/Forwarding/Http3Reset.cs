using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace IngressController.Proxy.Forwarding;

/// <summary>
/// YARP breaks off an answer that is not whole with the numbers of HTTP/2, which over HTTP/3 are none that a client knows, and so no error
/// (RFC 9114 section 9).
/// </summary>
internal sealed class Http3Reset(IHttpResetFeature stream) : IHttpResetFeature
{
    private const int InternalError = 0x102; // RFC 9114 section 8.1

    /// <summary>Once for a request that comes over HTTP/3.</summary>
    public static void Set(HttpContext context)
    {
        if (HttpProtocol.IsHttp3(context.Request.Protocol) && context.Features.Get<IHttpResetFeature>() is { } stream)
        {
            context.Features.Set<IHttpResetFeature>(new Http3Reset(stream));
        }
    }

    public void Reset(int errorCode) => stream.Reset(InternalError);
}
