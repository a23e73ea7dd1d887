using System.Buffers;
using System.Globalization;
using System.Text;

namespace IngressController.Routing.Matching;

/// <summary>RFC 3986 section 2.1, read as UTF-8.</summary>
internal static class PercentEncoding
{
    /// <summary>Decodes one element into the buffer. Everything but the slash is decoded; a slash or backslash makes the form ambiguous.</summary>
    /// <returns>False for a broken encoding and for an encoded NUL.</returns>
    public static bool TryDecode(ReadOnlySpan<char> element, Span<char> buffer, ref int length, ref PathForm form)
    {
        while (!element.IsEmpty)
        {
            if (element[0] != '%')
            {
                form = element[0] == '\\' ? PathForm.Ambiguous : form;
                buffer[length++] = element[0];
                element = element[1..];
                continue;
            }

            if (!TryReadByte(element, out var first) || first == 0)
            {
                return false;
            }

            if (first is (byte)'/' or (byte)'\\')
            {
                form = PathForm.Ambiguous;
            }

            if (first == '/')
            {
                "%2F".CopyTo(buffer[length..]);
                length += 3;
                element = element[3..];
            }
            else if (first < 0x80)
            {
                buffer[length++] = (char)first;
                element = element[3..];
            }
            else
            {
                length += DecodeRune(element, buffer[length..], out var consumed);
                element = element[consumed..];
            }
        }

        return true;
    }

    /// <summary>One character from percent-encoded UTF-8; bytes that are not UTF-8 stay encoded, in upper case.</summary>
    private static int DecodeRune(ReadOnlySpan<char> text, Span<char> buffer, out int consumed)
    {
        Span<byte> bytes = stackalloc byte[4];
        var count = 0;
        while (count < 4 && TryReadByte(text[(3 * count)..], out var value) && value >= 0x80)
        {
            bytes[count++] = value;
        }

        if (Rune.DecodeFromUtf8(bytes[..count], out var rune, out var used) == OperationStatus.Done)
        {
            consumed = 3 * used;
            return rune.EncodeToUtf16(buffer);
        }

        consumed = 3;
        return text[..3].ToUpperInvariant(buffer);
    }

    public static bool TryReadByte(ReadOnlySpan<char> text, out byte value)
    {
        value = 0;
        return text.Length >= 3
            && text[0] == '%'
            && byte.TryParse(text[1..3], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }
}
