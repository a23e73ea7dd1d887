using System.Buffers;
using System.Text;

namespace IngressController.App.Metrics.Text;

/// <summary>Text as both formats want it. Half a surrogate pair becomes U+FFFD.</summary>
internal static class Escaped
{
    private static readonly SearchValues<char> InValues = SearchValues.Create("\\\"\n");

    /// <summary>The value of a label, without the quotes.</summary>
    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<char> text)
    {
        while (text.IndexOfAny(InValues) is var index and >= 0)
        {
            Encoding.UTF8.GetBytes(text[..index], output);
            output.Write(Replacement(text[index]));
            text = text[(index + 1)..];
        }

        Encoding.UTF8.GetBytes(text, output);
    }

    /// <summary>What stands after HELP; only OpenMetrics escapes quotes there.</summary>
    public static string Help(string text, TextFormat format)
    {
        var escaped = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        return format == TextFormat.OpenMetrics ? escaped.Replace("\"", "\\\"", StringComparison.Ordinal) : escaped;
    }

    private static ReadOnlySpan<byte> Replacement(char sign) => sign switch
    {
        '\n' => "\\n"u8,
        '"' => "\\\""u8,
        _ => "\\\\"u8,
    };
}
