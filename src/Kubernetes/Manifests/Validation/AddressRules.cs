using System.Net;
using System.Net.Sockets;
using IngressController.Kubernetes.Manifests.Documents;

namespace IngressController.Kubernetes.Manifests.Validation;

/// <summary>The rules for IP addresses of endpoints.</summary>
internal static class AddressRules
{
    public const string NotAnAddress = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";

    private static readonly IPNetwork LinkLocalMulticast4 = IPNetwork.Parse("224.0.0.0/24");
    private static readonly IPNetwork LinkLocalMulticast6 = IPNetwork.Parse("ff02::/16");

    /// <summary>Stricter than .NET, which reads <c>1</c>, <c>0x7f.1</c> and octal numbers as IPv4 addresses; IPv4 in IPv6 becomes IPv4. Null: none.</summary>
    public static IPAddress? Parse(string text)
    {
        var isPlain = text.Contains(':', StringComparison.Ordinal)
            ? text.All(c => char.IsAsciiHexDigit(c) || c is ':' or '.')
            : text.Split('.') is { Length: 4 } parts && parts.All(part => part is ['0'] or [>= '1' and <= '9', ..] && part.All(char.IsAsciiDigit));
        return !isPlain || !IPAddress.TryParse(text, out var address) ? null
            : address.IsIPv4MappedToIPv6 ? address.MapToIPv4()
            : address;
    }

    public static void Check(string text, FieldPath path, FieldErrors errors)
    {
        if (Parse(text) is { } address)
        {
            CheckNotSpecial(address, text, path, errors);
        }
        else
        {
            errors.Invalid(path, text, NotAnAddress);
        }
    }

    public static void Check(string text, AddressFamily family, FieldPath path, FieldErrors errors)
    {
        if (Parse(text) is { } address && address.AddressFamily == family)
        {
            CheckNotSpecial(address, text, path, errors);
        }
        else
        {
            errors.Invalid(path, text, family == AddressFamily.InterNetwork ? "must be a valid IPv4 address" : "must be a valid IPv6 address");
        }
    }

    /// <summary>The API server also refuses loopback and link-local addresses; a directory may have them, for backends on the same machine.</summary>
    private static void CheckNotSpecial(IPAddress address, string text, FieldPath path, FieldErrors errors)
    {
        if (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))
        {
            errors.Invalid(path, text, $"may not be unspecified ({text})");
        }

        if (LinkLocalMulticast4.Contains(address) || LinkLocalMulticast6.Contains(address))
        {
            errors.Invalid(path, text, "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)");
        }
    }
}
