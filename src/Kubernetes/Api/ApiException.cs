using System.Net;

namespace IngressController.Kubernetes.Api;

/// <summary>The API server answered a request with something other than success.</summary>
/// <param name="statusCode">Of the answer, or of an ERROR event in a watch stream.</param>
/// <param name="reason">The Status body's, e.g. <c>Expired</c>, <c>Conflict</c>; empty where the answer has none.</param>
/// <param name="message">The Status body's; the status code's words where the answer has none.</param>
/// <param name="retryAfter">How long the server asks to be left alone.</param>
public sealed class ApiException(HttpStatusCode statusCode, string reason, string message, TimeSpan? retryAfter = null) : Exception(message)
{
    public HttpStatusCode StatusCode => statusCode;

    public string Reason => reason;

    public TimeSpan? RetryAfter => retryAfter;
}
