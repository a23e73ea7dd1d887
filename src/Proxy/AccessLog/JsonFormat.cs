using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using IngressController.Proxy.Observing;

namespace IngressController.Proxy.AccessLog;

/// <summary>One JSON object a line, always with all members; durations in milliseconds.</summary>
internal sealed class JsonFormat : IDisposable
{
    // Control characters and quotes are escaped by every encoder; the relaxed one leaves & and + of queries legible.
    private readonly Utf8JsonWriter writer = new(Stream.Null, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public void Write(in RequestRecord line, IBufferWriter<byte> output)
    {
        Span<char> address = stackalloc char[64];
        line.Client.TryFormat(address, out var length);
        writer.Reset(output);
        writer.WriteStartObject();
        writer.WriteString("time", line.Time.UtcDateTime);
        writer.WriteString("client", address[..length]);
        writer.WriteString("host", line.Host);
        writer.WriteString("method", line.Method);
        writer.WriteString("path", line.Path);
        writer.WriteNumber("status", line.Status);
        writer.WriteNumber("bytes", line.Bytes);
        writer.WriteNumber("duration", Milliseconds(line.Duration));
        writer.WriteString("ingress", line.Ingress);
        writer.WriteString("service", line.Service);
        writer.WriteString("destination", line.Last.Destination);
        writer.WriteNumber("upstreamTime", Milliseconds(line.UpstreamTime));
        writer.WriteString("requestId", line.RequestId);
        writer.WriteString("reason", line.Reason);
        writer.WriteEndObject();
        writer.Flush();
        output.Write("\n"u8);
    }

    public void Dispose() => writer.Dispose();

    private static decimal Milliseconds(TimeSpan time) => Math.Round((decimal)time.Ticks / TimeSpan.TicksPerMillisecond, 3);
}
