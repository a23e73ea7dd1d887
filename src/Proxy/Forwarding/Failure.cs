using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using IngressController.Proxy.Pipeline;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;

namespace IngressController.Proxy.Forwarding;

/// <summary>What went wrong between us and a destination.</summary>
/// <param name="Status">What the client is answered if it has not been answered yet: 502, 503 and 504 as nginx uses them.</param>
/// <param name="BeforeSending">No connection came about, so the destination has seen nothing of the request: another one may be tried, whatever the method.</param>
internal readonly record struct Failure(int Status, Reason Reason, bool BeforeSending = false)
{
    /// <summary>The client has done nothing wrong.</summary>
    public bool IsOfDestination => Reason is not (Reason.ClientClosed or Reason.BrokenRequestBody or Reason.BodyTooLarge or Reason.BodyTimeout or Reason.InternalError);

    public static Failure Of(ForwarderError error, Exception? cause, HttpContext context) => error switch
    {
        ForwarderError.Request => OfRequest(cause),
        ForwarderError.RequestTimedOut => new(504, Reason.ResponseTimeout),

        ForwarderError.RequestCanceled or ForwarderError.RequestBodyCanceled or ForwarderError.ResponseBodyCanceled
            or ForwarderError.UpgradeRequestCanceled or ForwarderError.UpgradeResponseCanceled => new(502, Reason.ClientClosed),
        ForwarderError.RequestBodyClient when context.RequestAborted.IsCancellationRequested => new(400, Reason.ClientClosed),
        ForwarderError.RequestBodyClient when context.Response.StatusCode == StatusCodes.Status413PayloadTooLarge => new(413, Reason.BodyTooLarge),
        ForwarderError.RequestBodyClient => new(context.Response.StatusCode, Reason.BrokenRequestBody), // YARP has put 400 or 408 there
        ForwarderError.RequestBodyDestination when cause is AggregateException { InnerException: OperationCanceledException } => new(504, Reason.IdleTimeout),

        ForwarderError.ResponseBodyClient or ForwarderError.ResponseBodyDestination when cause is OperationCanceledException => new(502, Reason.IdleTimeout),
        ForwarderError.ResponseBodyClient => new(502, Reason.ClientClosed),
        ForwarderError.UpgradeActivityTimeout => new(502, Reason.IdleTimeout),
        ForwarderError.UpgradeRequestClient or ForwarderError.UpgradeResponseClient => new(502, Reason.ClientClosed),
        ForwarderError.UpgradeRequestDestination or ForwarderError.UpgradeResponseDestination => new(502, Reason.BrokenTunnel),
        _ => new(502, Reason.BrokenResponse),
    };

    private static Failure OfRequest(Exception? cause) => cause switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => new(502, Reason.NameUnresolved, true),
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => new(502, Reason.TlsFailed, true),
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError, InnerException: var inner } => inner switch
        {
            SocketException { SocketErrorCode: SocketError.TimedOut } => new(504, Reason.ConnectTimeout, true),
            AuthenticationException => new(502, Reason.TlsFailed, true),
            TargetRefusedException => new(503, Reason.TargetRefused, true),
            _ => new(502, Reason.ConnectFailed, true),
        },
        _ when IsOfTls(cause) => new(502, Reason.TlsFailed),
        _ => new(502, Reason.BrokenResponse),
    };

    /// <summary>With TLS 1.3 a backend refuses our certificate, or that there is none, only after the handshake is over for us.</summary>
    private static bool IsOfTls(Exception? cause) => cause is not null && (cause is CryptographicException || IsOfTls(cause.InnerException));
}
