using System.Text.Json;

namespace IngressController.Proxy.Limits;

/// <summary>What a client can come up against. The set is closed: it is a label of a metric.</summary>
internal enum Limit
{
    /// <summary>The connection was closed as soon as it was there.</summary>
    Connections,

    /// <inheritdoc cref="Connections"/>
    ConnectionsPerClient,

    /// <summary>The connection closes when its requests have been answered.</summary>
    RequestsPerConnection,

    /// <summary>As many requests are under way on an HTTP/2 connection as may be; the client waits, or its further streams are refused.</summary>
    Streams,

    /// <summary>414</summary>
    RequestLine,

    /// <summary>431, for the bytes of the headers or their number.</summary>
    Headers,

    /// <summary>408</summary>
    HeaderTimeout,

    /// <summary>408</summary>
    BodyTimeout,

    /// <summary>413</summary>
    BodySize,

    /// <summary>The connection, or the stream of HTTP/2, was cut.</summary>
    WriteTimeout,

    /// <summary>The connection was closed between two requests.</summary>
    KeepAliveTimeout,
}

internal static class LimitWords
{
    private static readonly string[] Words = [.. Enum.GetNames<Limit>().Select(JsonNamingPolicy.SnakeCaseLower.ConvertName)];

    /// <summary><c>header_timeout</c></summary>
    public static string Word(this Limit limit) => Words[(int)limit];

    /// <summary>The limit that a request was refused for; null where it was no limit.</summary>
    public static Limit? Of(int status) => status switch
    {
        408 => Limit.HeaderTimeout,
        413 => Limit.BodySize,
        414 => Limit.RequestLine,
        431 => Limit.Headers,
        _ => null,
    };
}
