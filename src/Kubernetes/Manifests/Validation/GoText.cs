using System.Globalization;
using System.Text;

namespace IngressController.Kubernetes.Manifests.Validation;

/// <summary>Go's way of writing and reading text, where the API server's messages show it.</summary>
internal static class GoText
{
    private const string Base64Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    /// <summary>strconv.Quote.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        foreach (var rune in text.EnumerateRunes())
        {
            quoted.Append(rune.Value switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\a' => "\\a",
                '\b' => "\\b",
                '\f' => "\\f",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                '\v' => "\\v",
                < 0x20 or 0x7F => $"\\x{rune.Value:x2}",
                _ => IsPrintable(rune) ? rune.ToString() : rune.IsBmp ? $"\\u{rune.Value:x4}" : $"\\U{rune.Value:x8}",
            });
        }

        return quoted.Append('"').ToString();
    }

    /// <summary>What encoding/base64 says of the text: the offset at which it stops; null where the text is base64. Line ends are passed over.</summary>
    public static int? FindBase64Error(string text)
    {
        var (digits, i) = (0, 0);
        for (; i < text.Length && text[i] != '='; i++)
        {
            if (text[i] is '\r' or '\n')
            {
                continue;
            }

            if (!Base64Letters.Contains(text[i], StringComparison.Ordinal))
            {
                return i;
            }

            digits = (digits + 1) % 4;
        }

        if (i == text.Length)
        {
            return digits == 0 ? null : i - digits;
        }

        return digits < 2 ? i : FindPaddingError(text, i, missing: 4 - digits);
    }

    private static int? FindPaddingError(string text, int start, int missing)
    {
        var i = start;
        for (; missing > 0; i++)
        {
            if (i == text.Length)
            {
                return i;
            }

            if (text[i] is '\r' or '\n')
            {
                continue;
            }

            if (text[i] != '=')
            {
                return i - 1;
            }

            missing--;
        }

        while (i < text.Length && text[i] is '\r' or '\n')
        {
            i++;
        }

        return i == text.Length ? null : i;
    }

    private static bool IsPrintable(Rune rune) =>
        rune.Value == ' ' || Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
            or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator);
}
