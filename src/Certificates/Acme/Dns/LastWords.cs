using IngressController.Certificates.Acme.Protocol;

namespace IngressController.Certificates.Acme.Dns;

/// <summary>What somebody else has said in the end, where it mostly stands why something failed.</summary>
internal static class LastWords
{
    /// <summary>Reads to the end and keeps the last line that says something.</summary>
    public static async Task<string> OfAsync(TextReader reader, CancellationToken cancellationToken)
    {
        var (buffer, kept) = (new char[4096], "");
        while (await reader.ReadAsync(buffer, cancellationToken) is > 0 and var count)
        {
            kept += new string(buffer, 0, count);
            kept = kept[Math.Max(0, kept.Length - buffer.Length)..];
        }

        return Of(kept);
    }

    public static string Of(string text) => OneLine.Of(text.Split('\n').LastOrDefault(line => !string.IsNullOrWhiteSpace(line), ""));
}
