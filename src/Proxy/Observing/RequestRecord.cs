using System.Collections.Immutable;
using System.Net;
using IngressController.Proxy.Backends;

namespace IngressController.Proxy.Observing;

/// <summary>
/// What became of one request, of one connection that was passed through, or of one session of a TCP or UDP service: what the access log writes, metrics count and the
/// dashboard shows. Strings are as they came: whoever shows them escapes them.
/// </summary>
public readonly record struct RequestRecord()
{
    /// <summary>When it ended.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The address of the client: the peer, or what a trusted peer says.</summary>
    public required IPAddress Client { get; init; }

    /// <summary>A connection that was passed through, with whatever was said in it.</summary>
    public bool IsPassthrough { get; init; }

    /// <summary>A session of a TCP or UDP service: a connection, or what goes to and from a client's address and port. It has nothing of a request.</summary>
    public bool IsSession { get; init; }

    /// <summary>As in <c>HTTP/1.1</c>, <c>HTTP/2</c>; <c>TCP</c> or <c>UDP</c> for sessions; empty for connections that were passed through.</summary>
    public string Protocol { get; init; } = "";

    /// <summary>The client speaks TLS, with us or with a trusted peer in front of us.</summary>
    public bool IsHttps { get; init; }

    /// <summary>Empty for connections and sessions.</summary>
    public string Method { get; init; } = "";

    /// <summary>As the client sent it, with port; of connections the name in SNI; of sessions the port alone, as in <c>:5432</c>.</summary>
    public string Host { get; init; } = "";

    /// <summary>The request target in origin form: path and query. Empty for connections and sessions.</summary>
    public string Path { get; init; } = "";

    /// <summary>The request target byte for byte as the client sent it, which may be in absolute form. Empty for connections and sessions.</summary>
    public string Target { get; init; } = "";

    /// <summary>Null where the client sent none.</summary>
    public string? Referer { get; init; }

    /// <summary>Null where the client sent none.</summary>
    public string? UserAgent { get; init; }

    /// <summary>The user name of Basic authentication, and never more of it; empty where there is none, or the access log does not show it.</summary>
    public string User { get; init; } = "";

    /// <summary>499 where the client left before there was an answer.</summary>
    public required int Status { get; init; }

    /// <summary>Of the request's line and headers, as HTTP/1.1 writes them; 0 where the access log does not show it.</summary>
    public int HeadBytes { get; init; }

    /// <summary>Of the request's body, as far as it was read.</summary>
    public long RequestBytes { get; init; }

    /// <summary>Of the response's body; 0 for upgraded connections.</summary>
    public long Bytes { get; init; }

    /// <summary>From the end of the request's headers to the end of the response.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>Of the rule that matched: a name, a wildcard, or empty for a rule without host; empty where there is no route.</summary>
    public string RouteHost { get; init; } = "";

    /// <summary>Of the rule that matched; empty where there is no route.</summary>
    public string RoutePath { get; init; } = "";

    /// <summary>Namespace and name; empty where no Ingress decided.</summary>
    public string Ingress { get; init; } = "";

    /// <summary>Namespace, name and port as the Ingress or the ConfigMap names it; empty where there is no route.</summary>
    public string Service { get; init; } = "";

    /// <summary>The last try to have the destination answer; its destination is empty where there was none.</summary>
    public UpstreamTry Last { get; init; } = UpstreamTry.None;

    /// <summary>Those before it, all of which failed before anything of the request was sent.</summary>
    public ImmutableArray<UpstreamTry> Earlier { get; init; } = [];

    public string RequestId { get; init; } = "";

    /// <summary>Of the trace that the request belongs to, 32 hexadecimal digits; empty where there is none.</summary>
    public string TraceId { get; init; } = "";

    /// <summary>One word; empty where the backend answered and that was all.</summary>
    public string Reason { get; init; } = "";

    /// <summary>How often a destination was tried.</summary>
    public int Tries => Last.Destination.Length == 0 ? 0 : Earlier.Length + 1;

    /// <summary>What a line for people has in the place of the method: of a session its protocol.</summary>
    public string Verb => IsSession ? Protocol : Method;

    /// <summary>The path without its query, as it may be shown: its own parameters may be secrets too.</summary>
    public string ShownPath => SecretParameters.Hide(Path) is var shown && shown.IndexOf('?', StringComparison.Ordinal) is >= 0 and var query ? shown[..query] : shown;

    /// <summary>What it is counted under.</summary>
    internal RouteNames Names { get; init; } = RouteNames.None;

    /// <summary>Time spent with destinations, all tries together.</summary>
    public TimeSpan UpstreamTime
    {
        get
        {
            var time = Last.Time;
            foreach (var attempt in Earlier)
            {
                time += attempt.Time;
            }

            return time;
        }
    }
}

/// <summary>One try to have a request answered by a destination.</summary>
/// <param name="Destination">Address and port; empty where none was tried.</param>
/// <param name="Status">What it answered; 0 where it did not.</param>
/// <param name="Bytes">Of its answer's body.</param>
public readonly record struct UpstreamTry(string Destination, int Status, long Bytes, TimeSpan Time)
{
    /// <summary>Why it came to no whole answer, as the reason of a request; empty where it did.</summary>
    public string Failure { get; init; } = "";

    public static UpstreamTry None { get; } = new("", 0, 0, TimeSpan.Zero);
}
