using System.Globalization;
using System.Text;

namespace IngressController.Certificates.Acme.Protocol;

/// <summary>Words of others in our log lines, Events and pages.</summary>
internal static class OneLine
{
    private const int Longest = 500;

    /// <summary>Without line ends and what else is not seen but steers terminals and browsers; at most 500 characters.</summary>
    public static string Of(string text)
    {
        var line = new StringBuilder();
        foreach (var character in text.AsSpan(0, Math.Min(text.Length, 4 * Longest)))
        {
            var isSeen = char.GetUnicodeCategory(character) is not (
                UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator
                or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
            if (isSeen)
            {
                line.Append(character);
            }
            else if (line.Length > 0 && line[^1] != ' ')
            {
                line.Append(' ');
            }
        }

        var seen = line.ToString().TrimEnd();
        return seen.Length <= Longest ? seen : seen[..(Longest - 1)] + "…";
    }
}
