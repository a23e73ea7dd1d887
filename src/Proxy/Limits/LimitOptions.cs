using System.ComponentModel.DataAnnotations;

namespace IngressController.Proxy.Limits;

/// <summary>What clients may take of the program. Each has the flag of the same name; docs/limits.md says what a client sees.</summary>
public sealed record LimitOptions
{
    private const string Bounds = "must be between {1} and {2}";
    private const string Millisecond = "00:00:00.001";
    private const string Day = "1.00:00:00";

    /// <summary>Connections at a time; 0: no limit.</summary>
    [Range(0, 10_000_000, ErrorMessage = Bounds)]
    public int MaxConnections { get; init; } = 20_000;

    /// <summary>Of one client address at a time, an IPv6 network of 64 bits counting as one; 0: no limit, because many clients may share an address.</summary>
    [Range(0, 10_000_000, ErrorMessage = Bounds)]
    public int MaxConnectionsPerClient { get; init; }

    /// <summary>After so many a connection closes when it is idle; 0: no limit.</summary>
    [Range(0, int.MaxValue, ErrorMessage = Bounds)]
    public int MaxRequestsPerConnection { get; init; }

    /// <summary>Requests at a time on one connection of HTTP/2, or of HTTP/3, which has at most 65,535; nginx's http2_max_concurrent_streams.</summary>
    [Range(1, 100_000, ErrorMessage = Bounds)]
    public int MaxStreams { get; init; } = 128;

    /// <summary>All headers of a request, in bytes; nginx's large_client_header_buffers.</summary>
    [Range(1024, 16 * 1024 * 1024, ErrorMessage = Bounds)]
    public int MaxHeaderBytes { get; init; } = 32 * 1024;

    [Range(10, 10_000, ErrorMessage = Bounds)]
    public int MaxHeaderCount { get; init; } = 200;

    /// <summary>The line with method and target, in bytes.</summary>
    [Range(256, 1024 * 1024, ErrorMessage = Bounds)]
    public int MaxRequestLine { get; init; } = 8 * 1024;

    /// <summary>From the first byte of a request to the end of its headers, and from the opening of a connection to its first byte; nginx's client_header_timeout.</summary>
    [Range(typeof(TimeSpan), Millisecond, Day, ErrorMessage = Bounds)]
    public TimeSpan HeaderTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>For the next part of a request's body to come; nginx's client_body_timeout.</summary>
    [Range(typeof(TimeSpan), Millisecond, Day, ErrorMessage = Bounds)]
    public TimeSpan BodyTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Bytes a second that a request's body comes with on average, beyond one <see cref="BodyTimeout"/>; 0: any speed.</summary>
    [Range(0, 1024 * 1024, ErrorMessage = Bounds)]
    public int MinBodyRate { get; init; } = 240;

    /// <summary>For a client to take what waits for it; nginx's send_timeout.</summary>
    [Range(typeof(TimeSpan), Millisecond, Day, ErrorMessage = Bounds)]
    public TimeSpan WriteTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Between two requests of a connection; nginx's keepalive_timeout.</summary>
    [Range(typeof(TimeSpan), Millisecond, Day, ErrorMessage = Bounds)]
    public TimeSpan KeepAliveTimeout { get; init; } = TimeSpan.FromSeconds(75);
}
