using System.Text;

namespace IngressController.Certificates;

/// <summary>One thing in a PEM text (RFC 7468).</summary>
/// <param name="Label">What stands after BEGIN: <c>CERTIFICATE</c>.</param>
/// <param name="Content">DER; empty where it is encrypted.</param>
/// <param name="IsEncrypted">In either of the two ways, with PKCS#8 or with headers (RFC 1421).</param>
internal sealed record PemBlock(string Label, byte[] Content, bool IsEncrypted)
{
    private const int LongestLabel = 40;

    /// <summary>
    /// Reads every block and passes over all that stands between them. Takes time in proportion to the text, whatever it says: others write it, and changes to
    /// everybody's routes wait meanwhile.
    /// </summary>
    /// <exception cref="FormatException">A block has no end, or is not base64.</exception>
    public static List<PemBlock> ReadAll(ReadOnlySpan<byte> text)
    {
        var blocks = new List<PemBlock>();
        while (text.IndexOf("-----BEGIN "u8) is var begin and >= 0)
        {
            text = text[(begin + "-----BEGIN ".Length)..];
            var length = text[..Math.Min(text.Length, LongestLabel)].IndexOf("-----"u8);
            if (length < 0)
            {
                continue;
            }

            var label = Encoding.ASCII.GetString(text[..length]);
            text = text[(length + "-----".Length)..];
            var end = text.IndexOf(Encoding.ASCII.GetBytes($"-----END {label}-----"));
            if (end < 0)
            {
                throw new FormatException($"{label} has no end");
            }

            blocks.Add(Read(label, Encoding.ASCII.GetString(text[..end])));
            text = text[end..];
        }

        return blocks;
    }

    private static PemBlock Read(string label, string body)
    {
        var isEncrypted = label.StartsWith("ENCRYPTED", StringComparison.Ordinal) || body.Contains("ENCRYPTED", StringComparison.Ordinal);
        return new(label, isEncrypted ? [] : Convert.FromBase64String(body), isEncrypted);
    }
}
