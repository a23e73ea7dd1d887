using Microsoft.Extensions.Logging;

namespace IngressController.Proxy;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Error, "Request {RequestId} failed because of a fault in the controller")]
    public static partial void RequestFailed(ILogger logger, string requestId, Exception exception);

    [LoggerMessage(2, LogLevel.Error, "Route {Route} could not be applied and answers 503")]
    public static partial void RouteNotApplied(ILogger logger, string route, Exception exception);

    [LoggerMessage(3, LogLevel.Error, "Backend {Backend} could not be applied and stays as it was")]
    public static partial void BackendNotApplied(ILogger logger, string backend, Exception exception);

    [LoggerMessage(4, LogLevel.Warning, "Destination {Destination} of backend {Backend} is no usable address and is left out")]
    public static partial void DestinationUnusable(ILogger logger, string backend, string destination);

    [LoggerMessage(5, LogLevel.Warning, "{Count} access log lines were dropped because the output takes them more slowly than requests come")]
    public static partial void AccessLogDropped(ILogger logger, long count);

    [LoggerMessage(8, LogLevel.Error, "The authorities of clients in Secret {Secret} cannot be used, and hosts that ask for them answer 503: {Why}")]
    public static partial void ClientAuthoritiesUnreadable(ILogger logger, string secret, string why);

    [LoggerMessage(6, LogLevel.Error, "The access log cannot be written ({Why}); its lines are lost until it can")]
    public static partial void AccessLogBroken(ILogger logger, string why);

    [LoggerMessage(9, LogLevel.Warning, "{Bytes} bytes of the access log are lost: its output has not taken them, and the end waits no longer")]
    public static partial void AccessLogLost(ILogger logger, long bytes);

    [LoggerMessage(20, LogLevel.Warning, "A connection was closed because {Peer} {Why}; further ones are not told for a minute")]
    public static partial void PeerRefused(ILogger logger, string peer, string why);

    [LoggerMessage(21, LogLevel.Warning, "TLS with destination {Destination} failed, as {Name}: {Why}; requests are tried on others or answered 502")]
    public static partial void UpstreamTlsFailed(ILogger logger, string destination, string name, string why);

    [LoggerMessage(30, LogLevel.Error, "A connection of a TCP or UDP service failed because of a fault in the controller")]
    public static partial void StreamFailed(ILogger logger, Exception exception);
}
