using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Unicode;
using IngressController.Proxy.Observing;

namespace IngressController.Proxy.AccessLog;

/// <summary>
/// One line for people, always thirteen fields separated by single spaces, <c>-</c> for an empty one:
/// <c>2026-11-03T10:00:00.123Z 10.0.0.9 GET shop.example.com/cart?x=1 200 512B 3.2ms shop/web shop/web:80 10.1.2.3:8080 2.9ms 4f3a... -</c>.
/// </summary>
internal static class ConsoleFormat
{
    private static readonly SearchValues<char> Plain = SearchValues.Create(
        "!#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~");

    public static void Write(in RequestRecord line, IBufferWriter<byte> output)
    {
        Span<byte> start = stackalloc byte[128];
        Utf8.TryWrite(start, CultureInfo.InvariantCulture, $"{line.Time.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ} {line.Client} ", out var length);
        output.Write(start[..length]);
        WriteText(line.Method, output);
        output.Write(" "u8);
        WriteText(line.Host, output);
        if (line.Path.Length > 0)
        {
            WriteText(line.Path, output);
        }

        Utf8.TryWrite(
            start, CultureInfo.InvariantCulture, $" {line.Status} {line.Bytes}B {line.Duration.TotalMilliseconds:0.0}ms ", out length);
        output.Write(start[..length]);
        WriteText(line.Ingress, output);
        output.Write(" "u8);
        WriteText(line.Service, output);
        output.Write(" "u8);
        WriteText(line.Last.Destination, output);
        Utf8.TryWrite(start, CultureInfo.InvariantCulture, $" {line.UpstreamTime.TotalMilliseconds:0.0}ms ", out length);
        output.Write(start[..length]);
        WriteText(line.RequestId, output);
        output.Write(" "u8);
        WriteText(line.Reason, output);
        output.Write("\n"u8);
    }

    /// <summary>Everything that is not visible ASCII, quotes and backslashes become <c>\xNN</c> as in nginx, so that no client can write lines or fields.</summary>
    private static void WriteText(string text, IBufferWriter<byte> output)
    {
        if (text.Length == 0)
        {
            output.Write("-"u8);
            return;
        }

        var rest = text.AsSpan();
        while (!rest.IsEmpty)
        {
            var plain = rest.IndexOfAnyExcept(Plain);
            plain = plain < 0 ? rest.Length : plain;
            Encoding.ASCII.GetBytes(rest[..plain], output);
            rest = rest[plain..];
            if (!rest.IsEmpty)
            {
                WriteEscaped(rest[0], output);
                rest = rest[1..];
            }
        }
    }

    private static void WriteEscaped(char character, IBufferWriter<byte> output)
    {
        Span<byte> escaped = stackalloc byte[8];
        int length;
        if (character < 0x100)
        {
            Utf8.TryWrite(escaped, CultureInfo.InvariantCulture, $"\\x{(int)character:X2}", out length);
        }
        else
        {
            Utf8.TryWrite(escaped, CultureInfo.InvariantCulture, $"\\u{(int)character:X4}", out length);
        }

        output.Write(escaped[..length]);
    }
}
