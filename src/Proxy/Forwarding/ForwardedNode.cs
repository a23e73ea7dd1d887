using System.Net;
using System.Net.Sockets;

namespace IngressController.Proxy.Forwarding;

/// <summary>One entry of X-Forwarded-For, or one <c>for=</c> of RFC 7239 section 6.</summary>
internal static class ForwardedNode
{
    /// <summary>Accepts <c>1.2.3.4</c>, <c>1.2.3.4:80</c>, <c>2001:db8::1</c>, <c>[2001:db8::1]:80</c>, each also in double quotes; an IPv4-mapped address becomes IPv4.</summary>
    /// <returns>False for <c>unknown</c>, obfuscated names and everything that is no address in its usual spelling (<c>127.1</c>, <c>010.0.0.1</c>).</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out IPAddress address)
    {
        text = text.Trim();
        if (text.Length >= 2 && text[0] == '"' && text[^1] == '"')
        {
            text = text[1..^1];
        }

        text = WithoutPort(text);
        if (!text.Contains('%') && IPAddress.TryParse(text, out var parsed) && (text.Contains(':') || IsPlainIPv4(parsed, text)))
        {
            address = Normalize(parsed);
            return true;
        }

        address = IPAddress.None;
        return false;
    }

    /// <summary>IPv4 peers of a dual-stack listener come as <c>::ffff:a.b.c.d</c>; they are the same clients.</summary>
    public static IPAddress Normalize(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private static ReadOnlySpan<char> WithoutPort(ReadOnlySpan<char> text)
    {
        if (text.StartsWith('['))
        {
            var end = text.IndexOf(']');
            return end > 0 && (end == text.Length - 1 || text[end + 1] == ':') ? text[1..end] : default;
        }

        var colon = text.IndexOf(':');
        return colon >= 0 && colon == text.LastIndexOf(':') ? text[..colon] : text;
    }

    /// <summary>IPAddress.TryParse also reads octal, hexadecimal and shortened forms, about which no two programs agree.</summary>
    private static bool IsPlainIPv4(IPAddress address, ReadOnlySpan<char> text)
    {
        Span<char> usual = stackalloc char[45];
        return address.AddressFamily == AddressFamily.InterNetwork
            && address.TryFormat(usual, out var length)
            && text.SequenceEqual(usual[..length]);
    }
}
