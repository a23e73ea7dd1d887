using System.Globalization;

namespace IngressController.App.Cli;

/// <summary>What a client would send for a URL. The target stays as it is written: dot segments and encodings are what <c>explain</c> is asked about.</summary>
/// <param name="Host">The Host header.</param>
/// <param name="Target">Path and query.</param>
internal sealed record RequestUrl(string Scheme, string Host, string Target)
{
    /// <summary>A <see cref="ReadValue{T}"/>: <c>http://shop.example.com:8080/cart?x=1</c>; the scheme may be left out.</summary>
    public static string? Read(string text, out RequestUrl? value)
    {
        value = null;
        var separator = text.IndexOf("://", StringComparison.Ordinal);
        var scheme = separator < 0 ? "http" : text[..separator].ToLowerInvariant();
        if (scheme is not ("http" or "https"))
        {
            return "is not an http or https URL";
        }

        var rest = text[(separator < 0 ? 0 : separator + 3)..].Split('#')[0];
        var end = rest.AsSpan().IndexOfAny('/', '?');
        var authority = end < 0 ? rest : rest[..end];
        var target = end < 0 ? "/" : rest[end] == '?' ? "/" + rest[end..] : rest[end..];
        if (authority.Length == 0 || authority.Contains('@', StringComparison.Ordinal) || text.Any(char.IsWhiteSpace) || text.Any(char.IsControl))
        {
            return "is not a URL with a host, as in http://shop.example.com/cart";
        }

        if (AsciiHost(authority) is not { } host)
        {
            return "has a host that is no internationalised domain name";
        }

        value = new(scheme, host, target);
        return null;
    }

    /// <summary>Clients send <c>xn--</c> names.</summary>
    private static string? AsciiHost(string authority)
    {
        if (authority.All(char.IsAscii))
        {
            return authority;
        }

        try
        {
            return new IdnMapping().GetAscii(authority);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
