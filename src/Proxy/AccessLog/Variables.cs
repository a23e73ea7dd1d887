using System.Buffers;
using System.Collections.Frozen;
using IngressController.Proxy.Observing;

namespace IngressController.Proxy.AccessLog;

/// <summary>Writes one thing about a request, as nginx writes it.</summary>
internal delegate void Variable(in RequestRecord record, LineBuffer line, Escaping escaping);

/// <summary>
/// The closed list of what a template may show. No header is among them that can carry a secret. Where nginx has the name, it has nginx's meaning
/// (ngx_http_core_module, ngx_http_upstream_module; of sessions ngx_stream_core_module), or that of ingress-nginx's configuration; docs/access-log.md tells the others.
/// </summary>
internal static class Variables
{
    private static readonly string[] Months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

    public static SearchValues<char> NameCharacters { get; } = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");

    public static FrozenDictionary<string, Variable> All { get; } = new Dictionary<string, Variable>
    {
        ["args"] = static (in record, line, escaping) => Text(ArgumentsOf(record.Path), line, escaping),
        ["body_bytes_sent"] = static (in record, line, _) => line.AddNumber(record.Bytes),
        ["bytes_received"] = static (in record, line, escaping) => OfSession(record, record.RequestBytes, line, escaping),
        ["bytes_sent"] = static (in record, line, escaping) => OfSession(record, record.Bytes, line, escaping),
        ["host"] = static (in record, line, escaping) => Text(Names.HostOf(record.Host), line, escaping),
        ["http_host"] = static (in record, line, escaping) => Text(record.Host, line, escaping),
        ["http_referer"] = static (in record, line, escaping) => Header(SecretParameters.Hide(record.Referer), line, escaping),
        ["http_user_agent"] = static (in record, line, escaping) => Header(record.UserAgent, line, escaping),
        ["ingress"] = static (in record, line, escaping) => Text(record.Ingress, line, escaping),
        ["ingress_name"] = static (in record, line, escaping) => Text(Names.AfterSlash(record.Ingress), line, escaping),
        ["msec"] = static (in record, line, _) => line.AddThousandths(record.Time.ToUnixTimeMilliseconds()),
        ["namespace"] = static (in record, line, escaping) => Text(Names.BeforeSlash(record.Ingress), line, escaping),
        ["path"] = static (in record, line, escaping) => Text(record.ShownPath, line, escaping),
        ["protocol"] = static (in record, line, escaping) => Text(record.IsSession ? record.Protocol : "", line, escaping),
        ["proxy_alternative_upstream_name"] = static (in _, _, _) => { },
        ["proxy_upstream_name"] = static (in record, line, escaping) => Names.AddUpstream(record, line, escaping),
        ["reason"] = static (in record, line, escaping) => Text(record.Reason, line, escaping),
        ["remote_addr"] = static (in record, line, _) => line.AddAddress(record.Client),
        ["remote_user"] = static (in record, line, escaping) => Text(record.User, line, escaping),
        ["req_id"] = static (in record, line, escaping) => Text(record.RequestId, line, escaping),
        ["request"] = Request,
        ["request_id"] = static (in record, line, escaping) => Text(record.RequestId, line, escaping),
        ["request_length"] = static (in record, line, _) => line.AddNumber(record.HeadBytes + record.RequestBytes),
        ["request_method"] = static (in record, line, escaping) => Text(record.Method, line, escaping),
        ["request_time"] = static (in record, line, _) => line.AddThousandths((long)record.Duration.TotalMilliseconds),
        ["request_uri"] = static (in record, line, escaping) => Text(SecretParameters.Hide(record.Path), line, escaping),
        ["scheme"] = static (in record, line, escaping) => Text(JsonFormat.SchemeOf(record), line, escaping),
        ["server_protocol"] = static (in record, line, escaping) => Text(ProtocolOf(record), line, escaping),
        ["service"] = static (in record, line, escaping) => Text(record.Service, line, escaping),
        ["service_name"] = static (in record, line, escaping) => Text(Names.ServiceOf(record.Service), line, escaping),
        ["service_port"] = static (in record, line, escaping) => Text(Names.PortOf(record.Service), line, escaping),
        ["session_time"] = SessionTime,
        ["status"] = static (in record, line, _) => line.AddDigits(record.Status, 3),
        ["time_iso8601"] = TimeIso8601,
        ["time_local"] = TimeLocal,
        ["trace_id"] = static (in record, line, escaping) => Text(record.TraceId, line, escaping),
        ["tries"] = static (in record, line, _) => line.AddNumber(record.Tries),
        ["upstream_addr"] = Upstreams.Address,
        ["upstream_response_length"] = Upstreams.ResponseLength,
        ["upstream_response_time"] = Upstreams.ResponseTime,
        ["upstream_status"] = Upstreams.Status,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>What is empty is not there.</summary>
    private static void Text(ReadOnlySpan<char> text, LineBuffer line, Escaping escaping)
    {
        if (text.IsEmpty)
        {
            line.Add(escaping.Missing);
        }

        line.AddText(text, escaping);
    }

    /// <summary>One that is there and empty is written so, as in nginx.</summary>
    private static void Header(string? value, LineBuffer line, Escaping escaping)
    {
        if (value is null)
        {
            line.Add(escaping.Missing);
        }

        line.AddText(value, escaping);
    }

    private static void Request(in RequestRecord record, LineBuffer line, Escaping escaping)
    {
        if (record.Method.Length == 0)
        {
            line.Add(escaping.Missing);
            return;
        }

        line.AddText(record.Method, escaping);
        line.Add((byte)' ');
        line.AddText(SecretParameters.Hide(record.Target), escaping);
        line.Add((byte)' ');
        line.AddText(ProtocolOf(record), escaping);
    }

    private static void OfSession(in RequestRecord record, long number, LineBuffer line, Escaping escaping)
    {
        if (record.IsSession)
        {
            line.AddNumber(number);
        }
        else
        {
            line.Add(escaping.Missing);
        }
    }

    private static void SessionTime(in RequestRecord record, LineBuffer line, Escaping escaping)
    {
        if (record.IsSession)
        {
            line.AddThousandths((long)record.Duration.TotalMilliseconds);
        }
        else
        {
            line.Add(escaping.Missing);
        }
    }

    private static void TimeLocal(in RequestRecord record, LineBuffer line, Escaping escaping)
    {
        var time = line.Local(record.Time);
        line.AddDigits(time.Day, 2);
        line.Add((byte)'/');
        line.AddText(Months[time.Month - 1], escaping);
        line.Add((byte)'/');
        line.AddDigits(time.Year, 4);
        line.Add((byte)':');
        line.AddTimeOfDay(time.DateTime);
        line.Add((byte)' ');
        line.AddOffset(time.Offset, ""u8);
    }

    private static void TimeIso8601(in RequestRecord record, LineBuffer line, Escaping escaping)
    {
        var time = line.Local(record.Time);
        line.AddTime(time.DateTime, fractions: 0);
        line.AddOffset(time.Offset, ":"u8);
    }

    private static string ProtocolOf(in RequestRecord record) => record.Protocol switch
    {
        "HTTP/2" => "HTTP/2.0",
        "HTTP/3" => "HTTP/3.0",
        var protocol => protocol,
    };

    private static ReadOnlySpan<char> ArgumentsOf(string target)
    {
        var shown = SecretParameters.Hide(target); // which may move the question mark
        return shown.IndexOf('?', StringComparison.Ordinal) is >= 0 and var question ? shown.AsSpan(question + 1) : default;
    }
}
