using IngressController.Proxy.Observing;

namespace IngressController.Proxy.AccessLog;

/// <summary>
/// One line for people, always thirteen fields separated by single spaces, <c>-</c> for an empty one:
/// <c>2026-11-03T10:00:00.123Z 10.0.0.9 GET shop.example.com/cart?x=1 200 512B 3.2ms shop/web shop/web:80 10.1.2.3:8080 2.9ms 4f3a... -</c>.
/// </summary>
internal sealed class ConsoleFormat : ILineFormat
{
    public void Write(in RequestRecord record, LineBuffer line)
    {
        line.AddTime(record.Time.UtcDateTime, fractions: 3);
        line.Add("Z "u8);
        line.AddAddress(record.Client);
        AddField(record.Verb, line);
        AddField(record.Host, line);
        line.AddText(SecretParameters.Hide(record.Path), Escaping.Fields);
        line.Add((byte)' ');
        line.AddNumber(record.Status);
        line.Add((byte)' ');
        line.AddNumber(record.Bytes);
        line.Add("B "u8);
        AddMilliseconds(record.Duration, line);
        AddField(record.Ingress, line);
        AddField(record.Service, line);
        AddField(record.Last.Destination, line);
        line.Add((byte)' ');
        AddMilliseconds(record.UpstreamTime, line);
        AddField(record.RequestId, line);
        AddField(record.Reason, line);
    }

    private static void AddField(string text, LineBuffer line)
    {
        line.Add((byte)' ');
        if (text.Length == 0)
        {
            line.Add((byte)'-');
        }

        line.AddText(text, Escaping.Fields);
    }

    private static void AddMilliseconds(TimeSpan time, LineBuffer line)
    {
        const long tenth = TimeSpan.TicksPerMillisecond / 10;
        var (whole, rest) = Math.DivRem((time.Ticks + tenth / 2) / tenth, 10);
        line.AddNumber(whole);
        line.Add((byte)'.');
        line.AddNumber(rest);
        line.Add("ms"u8);
    }
}
