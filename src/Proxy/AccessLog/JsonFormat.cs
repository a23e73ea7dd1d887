using IngressController.Proxy.Observing;

namespace IngressController.Proxy.AccessLog;

/// <summary>One JSON object a line, always with all members in this order; durations in milliseconds.</summary>
internal sealed class JsonFormat : ILineFormat
{
    public void Write(in RequestRecord record, LineBuffer line)
    {
        line.Add("{\"time\":\""u8);
        line.AddTime(record.Time.UtcDateTime, fractions: 7);
        line.Add("Z\",\"client\":\""u8);
        line.AddAddress(record.Client);
        Text("\",\"protocol\":\""u8, record.Protocol, line);
        Text("\",\"scheme\":\""u8, SchemeOf(record), line);
        Text("\",\"host\":\""u8, record.Host, line);
        Text("\",\"method\":\""u8, record.Method, line);
        Text("\",\"path\":\""u8, SecretParameters.Hide(record.Path), line);
        Number("\",\"status\":"u8, record.Status, line);
        Number(",\"requestBytes\":"u8, record.RequestBytes, line);
        Number(",\"bytes\":"u8, record.Bytes, line);
        Milliseconds(",\"duration\":"u8, record.Duration, line);
        Text(",\"ingress\":\""u8, record.Ingress, line);
        Text("\",\"service\":\""u8, record.Service, line);
        Text("\",\"destination\":\""u8, record.Last.Destination, line);
        Number("\",\"tries\":"u8, record.Tries, line);
        Milliseconds(",\"upstreamTime\":"u8, record.UpstreamTime, line);
        Text(",\"userAgent\":\""u8, record.UserAgent, line);
        Text("\",\"requestId\":\""u8, record.RequestId, line);
        Text("\",\"traceId\":\""u8, record.TraceId, line);
        Text("\",\"reason\":\""u8, record.Reason, line);
        line.Add("\"}"u8);
    }

    /// <summary>Empty for connections that were passed through, and for sessions.</summary>
    internal static string SchemeOf(in RequestRecord record) => record.Protocol.Length == 0 || record.IsSession ? "" : record.IsHttps ? "https" : "http";

    private static void Text(ReadOnlySpan<byte> before, string? text, LineBuffer line)
    {
        line.Add(before);
        line.AddText(text, Escaping.Json);
    }

    private static void Number(ReadOnlySpan<byte> before, long value, LineBuffer line)
    {
        line.Add(before);
        line.AddNumber(value);
    }

    private static void Milliseconds(ReadOnlySpan<byte> before, TimeSpan time, LineBuffer line)
    {
        line.Add(before);
        line.AddThousandths((time.Ticks + TimeSpan.TicksPerMicrosecond / 2) / TimeSpan.TicksPerMicrosecond);
    }
}
