using System.Buffers;
using System.Text;

namespace IngressController.Kubernetes.Manifests.Documents;

/// <summary>From a file's bytes to the characters of a document.</summary>
internal static class DocumentText
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>What neither YAML nor JSON allows in a document.</summary>
    private static readonly SearchValues<char> ControlCharacters = SearchValues.Create(
        [.. Enumerable.Range(0, 0xA0).Select(code => (char)code).Where(c => char.IsControl(c) && c is not ('\t' or '\n' or '\r' or '\u0085')), '\uFFFE', '\uFFFF']);

    /// <summary>The same text as UTF-8 without a byte order mark. UTF-16 is known by its mark, as YAML 1.2 section 5.2 says.</summary>
    public static Stream ToUtf8(Stream file)
    {
        Span<byte> mark = stackalloc byte[3];
        var length = file.ReadAtLeast(mark, mark.Length, throwOnEndOfStream: false);
        var (encoding, skip) = mark[..length] switch
        {
            [0xEF, 0xBB, 0xBF] => ((Encoding?)null, 3),
            [0xFF, 0xFE, ..] => (Encoding.Unicode, 2),
            [0xFE, 0xFF, ..] => (Encoding.BigEndianUnicode, 2),
            _ => (null, 0),
        };
        file.Position = skip;
        return encoding is null ? file : Encoding.CreateTranscodingStream(file, encoding, StrictUtf8);
    }

    /// <summary>No half of a surrogate pair stands in the text; an escape can write one.</summary>
    public static bool IsWellFormed(string text)
    {
        for (var rest = text.AsSpan(); !rest.IsEmpty;)
        {
            if (Rune.DecodeFromUtf16(rest, out _, out var length) != OperationStatus.Done)
            {
                return false;
            }

            rest = rest[length..];
        }

        return true;
    }

    /// <exception cref="SyntaxException">The bytes are not UTF-8, or hold characters that no document may hold.</exception>
    public static string Decode(ReadOnlySpan<byte> utf8, int firstLine)
    {
        string text;
        try
        {
            text = StrictUtf8.GetString(utf8);
        }
        catch (DecoderFallbackException e)
        {
            throw new SyntaxException(firstLine + utf8[..Math.Clamp(e.Index, 0, utf8.Length)].Count((byte)'\n'), "the text is not valid UTF-8");
        }

        var control = text.AsSpan().IndexOfAny(ControlCharacters);
        return control < 0
            ? text
            : throw new SyntaxException(firstLine + text.AsSpan(0, control).Count('\n'), "control characters are not allowed");
    }
}
