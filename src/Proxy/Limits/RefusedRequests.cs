using System.Diagnostics;
using System.Net;
using IngressController.Proxy.Observing;
using IngressController.Proxy.Pipeline;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace IngressController.Proxy.Limits;

/// <summary>
/// Requests that Kestrel answers itself, because they are malformed or pass a limit before they are whole: they never reach the pipeline, and Kestrel tells of them
/// only so. On HTTP/2 it ends the connection instead and tells nobody.
/// </summary>
internal sealed class RefusedRequests(DiagnosticListener server, FinishedRequests finished, LimitMetrics metrics, TimeProvider time) : IObserver<KeyValuePair<string, object?>>
{
    private const string BadRequest = "Microsoft.AspNetCore.Server.Kestrel.BadRequest";

    public void Listen() => server.Subscribe(this, static name => name == BadRequest);

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value.Value is not IFeatureCollection features || features.Get<IBadRequestExceptionFeature>()?.Error is not BadHttpRequestException { StatusCode: var status })
        {
            return;
        }

        if (features.Get<IHttpResponseFeature>()?.HasStarted == true)
        {
            return; // it was answered and told; only the rest of its body is wrong
        }

        if (LimitWords.Of(status) is { } limit)
        {
            metrics.Hit(limit);
        }

        var request = features.Get<IHttpRequestFeature>();
        var peer = features.Get<IHttpConnectionFeature>()?.RemoteIpAddress ?? IPAddress.None;
        var record = new RequestRecord
        {
            Time = time.GetUtcNow(),
            Client = peer,
            Protocol = request?.Protocol ?? "",
            Method = request?.Method ?? "",
            IsHttps = request?.Scheme == "https",
            Path = request?.RawTarget ?? "",
            Target = request?.RawTarget ?? "",
            Status = status,
            Reason = ReasonOf(status).Word(),
        };
        finished.Tell(record, null);
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    private static Reason ReasonOf(int status) => status switch
    {
        StatusCodes.Status408RequestTimeout => Reason.HeaderTimeout,
        StatusCodes.Status414UriTooLong => Reason.RequestLineTooLong,
        StatusCodes.Status431RequestHeaderFieldsTooLarge => Reason.HeadersTooLarge,
        _ => Reason.MalformedRequest,
    };
}
