using System.Buffers;

namespace IngressController.App.Cli;

/// <summary>Methods and headers, checked as RFC 9110 sections 5.6.2 and 9.1 define them.</summary>
internal static class RequestToken
{
    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    public static string? Method(string text, out string value)
    {
        value = text;
        return IsToken(text) ? null : "is not a method";
    }

    /// <summary><c>Name: value</c></summary>
    public static string? Header(string text, out KeyValuePair<string, string> value)
    {
        var colon = text.IndexOf(':');
        value = colon < 0 ? default : new(text[..colon], text[(colon + 1)..].Trim());
        return colon > 0 && IsToken(value.Key) && !value.Value.Any(char.IsControl) ? null : "is not a header, as in 'Accept: text/html'";
    }

    private static bool IsToken(string text) => text.Length > 0 && !text.AsSpan().ContainsAnyExcept(TokenCharacters);
}
