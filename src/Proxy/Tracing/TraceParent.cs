using System.Diagnostics;
using Microsoft.Extensions.Primitives;

namespace IngressController.Proxy.Tracing;

/// <summary>
/// The header <c>traceparent</c> (W3C Trace Context section 3.2): version, trace, parent and flags. The platform reads these, but it refuses what versions to come may have after
/// them, and overlooks what stands between them.
/// </summary>
internal static class TraceParent
{
    private const int Length = 55; // 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01

    /// <summary>The default where it is not valid, or comes twice.</summary>
    public static ActivityContext Read(StringValues sent, string? state) =>
        sent is [{ Length: >= Length } text]
        && text is [_, _, '-', ..] && text[35] == '-' && text[52] == '-'
        && (text.Length == Length || HasMore(text))
        && ActivityContext.TryParse(text.Length == Length ? text : text[..Length], state, isRemote: true, out var read)
            ? read
            : default;

    /// <summary>Of a part of a trace that is not recorded: with a random number for it.</summary>
    /// <param name="trace">32 hexadecimal digits.</param>
    public static string Unrecorded(string trace) => string.Create(Length, trace, static (text, trace) =>
    {
        Span<byte> parent = stackalloc byte[8];
        Random.Shared.NextBytes(parent);
        parent[0] |= 1; // all zeros would be none
        "00-".CopyTo(text);
        trace.CopyTo(text[3..]);
        text[35] = '-';
        Convert.TryToHexStringLower(parent, text[36..], out _);
        "-00".CopyTo(text[52..]);
    });

    /// <summary>Section 3.2.4: higher versions may have more, after a further dash; this one ends where it ends.</summary>
    private static bool HasMore(string text) => text[Length] == '-' && !text.StartsWith("00", StringComparison.Ordinal);
}
