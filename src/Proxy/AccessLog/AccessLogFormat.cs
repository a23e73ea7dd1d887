namespace IngressController.Proxy.AccessLog;

/// <summary>How the access log's lines look: one of the formats by name, or a template.</summary>
public sealed class AccessLogFormat
{
    private const string Upstream =
        "$remote_addr - $remote_user [$time_local] \"$request\" $status $body_bytes_sent \"$http_referer\" \"$http_user_agent\" $request_length $request_time "
        + "[$proxy_upstream_name] [$proxy_alternative_upstream_name] $upstream_addr $upstream_response_length $upstream_response_time $upstream_status $req_id";

    private const string Stream = "[$remote_addr] [$time_local] $protocol $status $bytes_sent $bytes_received $session_time";

    private AccessLogFormat(ILineFormat? lines) => Lines = lines;

    private AccessLogFormat(Template requests, Template sessions)
        : this(requests == sessions ? requests : new NginxFormat(requests, sessions))
    {
        ShowsUser = requests.Shows("remote_user");
        ShowsHeadBytes = requests.Shows("request_length");
    }

    /// <summary>No access log.</summary>
    public static AccessLogFormat Off { get; } = new((ILineFormat?)null);

    /// <summary>One line for people.</summary>
    public static AccessLogFormat Console { get; } = new(new ConsoleFormat());

    /// <summary>One JSON object a line.</summary>
    public static AccessLogFormat Json { get; } = new(new JsonFormat());

    /// <summary>As ingress-nginx writes it by default (its log-format-upstream, and for sessions log-format-stream), byte for byte.</summary>
    public static AccessLogFormat Nginx { get; } = new(Template.Parse(Upstream), Template.Parse(Stream));

    /// <summary>The user of Basic authentication is asked for.</summary>
    internal bool ShowsUser { get; }

    /// <summary>The length of the request's line and headers is asked for.</summary>
    internal bool ShowsHeadBytes { get; }

    /// <summary>Null where there is no log.</summary>
    internal ILineFormat? Lines { get; }

    /// <summary>Reads <c>off</c>, <c>console</c>, <c>json</c>, <c>nginx</c> or a template: nginx's log_format, with <c>escape=json;</c> in front or without.</summary>
    /// <param name="suggest">What to say of a word and those that it may have been meant to be: <c>; did you mean $status?</c>, or nothing.</param>
    /// <returns>What is wrong, to be read after the text itself; null where nothing is.</returns>
    public static string? Read(string text, Func<string, IEnumerable<string>, string> suggest, out AccessLogFormat format)
    {
        AccessLogFormat? named = text switch
        {
            "off" => Off,
            "console" => Console,
            "json" => Json,
            "nginx" => Nginx,
            _ => null,
        };
        format = named ?? Off;
        if (named is not null)
        {
            return null;
        }

        if (!text.Contains('$', StringComparison.Ordinal))
        {
            return $"is not off, console, json, nginx or a template with $variables{suggest(text, ["off", "console", "json", "nginx"])}";
        }

        var wrong = Template.Read(text, suggest, out var template);
        format = template is null ? Off : new(template, template);
        return wrong;
    }
}

/// <summary>Writes a request, a connection or a session as a line.</summary>
internal interface ILineFormat
{
    /// <summary>Adds the line, without its end.</summary>
    void Write(in Observing.RequestRecord record, LineBuffer line);
}
