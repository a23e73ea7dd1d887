using System.Net;

namespace IngressController.Proxy.AccessLog;

/// <summary>What the access log tells of one request, or of one connection that was passed through. Strings are as they came: the formats escape them.</summary>
/// <param name="Method">Empty for connections that were passed through.</param>
/// <param name="Host">As the client sent it, with port; of connections the name in SNI.</param>
/// <param name="Path">The request target: path and query. Empty for connections.</param>
/// <param name="Status">499 where the client left before there was an answer.</param>
/// <param name="Bytes">Of the response body; 0 for upgraded connections.</param>
/// <param name="Duration">From the end of the request's headers to the end of the response.</param>
/// <param name="Ingress">Namespace and name; empty where no Ingress decided.</param>
/// <param name="Service">Namespace, name and port as the Ingress names it; empty where there is no route.</param>
/// <param name="Destination">The address tried last; empty where none was.</param>
/// <param name="UpstreamTime">Time spent with destinations, all tries together.</param>
/// <param name="Reason">One word; empty where the backend answered and that was all.</param>
internal readonly record struct AccessLogLine(
    DateTimeOffset Time,
    IPAddress Client,
    string Method,
    string Host,
    string Path,
    int Status,
    long Bytes,
    TimeSpan Duration,
    string Ingress,
    string Service,
    string Destination,
    TimeSpan UpstreamTime,
    string RequestId,
    string Reason);
