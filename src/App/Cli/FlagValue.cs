using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using IngressController.App.Dashboard.Access;
using IngressController.Cluster;
using IngressController.Cluster.Resources;
using IngressController.Routing.Annotations;
using IngressController.Routing.Translation;

namespace IngressController.App.Cli;

/// <summary>Reads a flag's text. Returns what is wrong with it, to be read after the text itself (<c>is not a port</c>), or null.</summary>
internal delegate string? ReadValue<T>(string text, out T value);

/// <summary>The kinds of values that flags have.</summary>
internal static class FlagValue
{
    private static readonly TimeSpan LongestDuration = TimeSpan.FromDays(1);

    public static string? Text(string text, out string value)
    {
        value = text;
        return null;
    }

    /// <summary>A file that can be read and has a token in it.</summary>
    public static string? TokenFile(string text, out string value)
    {
        value = text;
        return AdminToken.Flaw(text);
    }

    public static string? Switch(string text, out bool value) => bool.TryParse(text, out value) ? null : "is not true or false";

    public static string? Port(string text, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value <= ushort.MaxValue
            ? null
            : "is not a port (0 to 65535)";

    public static string? Count(string text, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) ? null : "is not a whole number";

    public static string? Address(string text, out IPAddress? value) => TryAddress(text, out value) ? null : "is not an IP address";

    /// <summary>A network; a lone address is a network of one.</summary>
    public static string? Cidr(string text, out IPNetwork value)
    {
        value = default;
        var slash = text.IndexOf('/');
        if (!TryAddress(slash < 0 ? text : text[..slash], out var address))
        {
            return "is not a network in CIDR notation (as in 10.0.0.0/8)";
        }

        if (slash < 0)
        {
            value = new IPNetwork(address, address.GetAddressBytes().Length * 8);
            return null;
        }

        return IPNetwork.TryParse(text, out value) ? null : "is not a network in CIDR notation (as in 10.0.0.0/8)";
    }

    /// <summary><c>30s</c>, <c>1m30s</c>, <c>500ms</c>, <c>1h</c>, <c>0</c>: numbers with h, m, s or ms, as kubectl writes them.</summary>
    public static string? Duration(string text, out TimeSpan value)
    {
        const string wrong = "is not a duration (30s, 1m30s, 500ms)";
        value = TimeSpan.Zero;
        var rest = text == "0" ? "0s" : text.AsSpan();
        do
        {
            var digits = rest.IndexOfAnyExceptInRange('0', '9');
            if (digits is < 1 or > 6)
            {
                return wrong;
            }

            var count = long.Parse(rest[..digits], NumberStyles.None, CultureInfo.InvariantCulture);
            rest = rest[digits..];
            var letters = rest.IndexOfAnyInRange('0', '9') is var next && next < 0 ? rest.Length : next;
            if (Unit(rest[..letters]) is not { } unit)
            {
                return wrong;
            }

            value += unit * count;
            rest = rest[letters..];
        }
        while (!rest.IsEmpty && value <= LongestDuration);

        return value <= LongestDuration ? null : "is longer than a day";
    }

    public static string? ObjectName(string text, out NamespacedName value)
    {
        value = default;
        if (text.Split('/') is not [var @namespace, var name] || !DnsName.IsSubdomain(@namespace) || !DnsName.IsSubdomain(name))
        {
            return "is not NAMESPACE/NAME";
        }

        value = new(@namespace, name);
        return null;
    }

    public static string? OptionalObjectName(string text, out NamespacedName? value)
    {
        var wrong = ObjectName(text, out var name);
        value = name;
        return wrong;
    }

    /// <summary><c>NS/NAME</c>, <c>NS/NAME:80</c> or <c>NS/NAME:http</c>.</summary>
    public static string? DefaultBackend(string text, out DefaultBackendService? value)
    {
        value = null;
        var colon = text.IndexOf(':');
        var port = colon < 0 ? null : text[(colon + 1)..];
        if (ObjectName(colon < 0 ? text : text[..colon], out var service) is not null || port is "" or "0")
        {
            return "is not NAMESPACE/NAME or NAMESPACE/NAME:PORT";
        }

        if (port is null)
        {
            value = new(service, PortReference.First);
            return null;
        }

        var isNumber = Port(port, out var number) is null;
        value = new(service, isNumber ? new(null, number) : new(port, 0));
        return isNumber || DnsName.IsSubdomain(port) ? null : $"names the port '{port}', which is neither a number nor a port's name";
    }

    public static string? DnsSubdomain(string text, out string value)
    {
        value = text;
        return DnsName.IsSubdomain(text) ? null : "is not a name of lower-case letters, digits, '-' and '.'";
    }

    /// <summary>An IP address or a DNS name, as an entry of an Ingress's status.</summary>
    public static string? PublishedAddress(string text, out LoadBalancerAddress value)
    {
        var isAddress = TryAddress(text, out _);
        value = isAddress ? new(text, null) : new(null, text);
        return isAddress || (DnsName.IsSubdomain(text) && !IPAddress.TryParse(text, out _)) ? null : "is neither an IP address nor a DNS name";
    }

    /// <summary>RFC 6797 section 6.1, as far as everybody writes it.</summary>
    public static string? StrictTransportSecurity(string text, out string value)
    {
        value = text;
        var isRight = text.Split(';', StringSplitOptions.TrimEntries) is [var age, .. var rest]
            && age.StartsWith("max-age=", StringComparison.OrdinalIgnoreCase)
            && long.TryParse(age.AsSpan("max-age=".Length), NumberStyles.None, CultureInfo.InvariantCulture, out _)
            && rest.All(directive => directive.ToLowerInvariant() is "includesubdomains" or "preload");
        return isRight ? null : "is not a value of Strict-Transport-Security (as in 'max-age=31536000; includeSubDomains')";
    }

    /// <summary>Bytes, as nginx writes them: <c>8m</c>, <c>512k</c>, <c>1g</c>; 0 for no limit.</summary>
    public static string? Size(string text, out long? value)
    {
        value = ByteSize.Read(text);
        return value is null ? "is not a size (8m, 512k, 1g, or 0 for no limit)" : null;
    }

    public static string? LogFormat(string text, out LogFormat value)
    {
        value = text == "json" ? App.LogFormat.Json : App.LogFormat.Console;
        return text is "json" or "console" ? null : "is not console or json";
    }

    /// <summary>Only as people write addresses today: the parser of the framework takes 10.1 for 10.0.0.1 and 010.0.0.1 for 8.0.0.1.</summary>
    private static bool TryAddress(string text, [NotNullWhen(true)] out IPAddress? address) =>
        IPAddress.TryParse(text, out address)
        && (address.AddressFamily == AddressFamily.InterNetwork ? address.ToString() == text : !text.Contains('%', StringComparison.Ordinal));

    private static TimeSpan? Unit(ReadOnlySpan<char> letters) => letters switch
    {
        "h" => TimeSpan.FromHours(1),
        "m" => TimeSpan.FromMinutes(1),
        "s" => TimeSpan.FromSeconds(1),
        "ms" => TimeSpan.FromMilliseconds(1),
        _ => null,
    };
}
