using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace IngressController.Proxy.Pipeline;

/// <summary>
/// How the controller itself answers a gRPC call. Its client looks for a gRPC status and finds none in an HTML page, so the answer is a response of trailers
/// only, with HTTP status 200 (gRPC's PROTOCOL-HTTP2.md, "Responses").
/// </summary>
internal static class GrpcAnswer
{
    private const string ContentType = "application/grpc";

    /// <summary>
    /// gRPC is HTTP/2 or later; gRPC-Web is not meant, its clients read HTTP statuses. Redirects and 421 say where to go with the same request, which is the affair of
    /// the client's HTTP (RFC 9110 section 15.5.20) and no end of the call.
    /// </summary>
    public static bool IsAskedFor(HttpRequest request, int httpStatus) =>
        httpStatus is not (>= 300 and < 400 or StatusCodes.Status421MisdirectedRequest)
        && !HttpProtocol.IsHttp11(request.Protocol)
        && request.ContentType is { } type
        && type.StartsWith(ContentType, StringComparison.OrdinalIgnoreCase)
        && (type.Length == ContentType.Length || type[ContentType.Length] is '+' or ';');

    public static void Write(HttpResponse response, int httpStatus)
    {
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = ContentType;
        response.Headers["grpc-status"] = StatusOf(httpStatus).ToString(CultureInfo.InvariantCulture);
        response.Headers["grpc-message"] = string.Create(CultureInfo.InvariantCulture, $"{httpStatus} {ReasonPhrases.GetReasonPhrase(httpStatus)}");
    }

    /// <summary>
    /// gRPC's http-grpc-status-mapping.md, but where a limit was passed it is called so: time (504, 408) and size (413, 414, 431) are nothing that the same call, tried
    /// again, would find otherwise.
    /// </summary>
    private static int StatusOf(int httpStatus)
    {
        const int Unknown = 2, DeadlineExceeded = 4, PermissionDenied = 7, ResourceExhausted = 8, Unimplemented = 12, Internal = 13, Unavailable = 14, Unauthenticated = 16;
        return httpStatus switch
        {
            StatusCodes.Status400BadRequest or StatusCodes.Status500InternalServerError => Internal,
            StatusCodes.Status401Unauthorized => Unauthenticated,
            StatusCodes.Status403Forbidden => PermissionDenied,
            StatusCodes.Status404NotFound or StatusCodes.Status405MethodNotAllowed or StatusCodes.Status501NotImplemented => Unimplemented,
            StatusCodes.Status408RequestTimeout or StatusCodes.Status504GatewayTimeout => DeadlineExceeded,
            StatusCodes.Status413PayloadTooLarge or StatusCodes.Status414UriTooLong or StatusCodes.Status431RequestHeaderFieldsTooLarge => ResourceExhausted,
            StatusCodes.Status429TooManyRequests or StatusCodes.Status502BadGateway or StatusCodes.Status503ServiceUnavailable => Unavailable,
            _ => Unknown,
        };
    }
}
