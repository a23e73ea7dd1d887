using System.Globalization;
using IngressController.Cluster;
using IngressController.Cluster.Resources;
using IngressController.Routing.Model;

namespace IngressController.Routing.Translation;

/// <summary>An entry of a ConfigMap of TCP or UDP services, as ingress-nginx has them: <c>port: namespace/service:port[:PROXY[:PROXY]]</c>.</summary>
internal sealed record StreamEntry(StreamKey Key, NamespacedName Origin, NamespacedName Service, PortReference Port, bool ReadsProxyProtocol, bool SendsProxyProtocol)
{
    /// <returns>What is wrong with it, or null.</returns>
    public static string? Read(StreamProtocol protocol, NamespacedName origin, string key, string value, out StreamEntry? entry)
    {
        entry = null;
        if (!TryPort(key, out var port))
        {
            return $"\"{Short(key)}\" is not a port (1 to 65535)";
        }

        var parts = value.Split(':');
        if (parts.Length is < 2 or > 4 || parts[0].Split('/') is not [var space, var name] || !DnsName.IsSubdomain(space) || !DnsName.IsSubdomain(name))
        {
            return $"\"{Short(value)}\" is not NAMESPACE/SERVICE:PORT[:PROXY[:PROXY]]";
        }

        var isNumber = TryPort(parts[1], out var number);
        if (!isNumber && (!DnsName.IsSubdomain(parts[1]) || parts[1].All(char.IsAsciiDigit)))
        {
            return $"\"{Short(parts[1])}\" is neither a port's number nor its name";
        }

        if (parts.Skip(2).FirstOrDefault(part => part is not ("" or "PROXY")) is { } word)
        {
            return $"\"{Short(word)}\" is not PROXY";
        }

        var (reads, sends) = (parts is [_, _, "PROXY", ..], parts is [_, _, _, "PROXY"]);
        if (protocol == StreamProtocol.Udp && (reads || sends))
        {
            return "the PROXY protocol is for TCP only";
        }

        entry = new(new(protocol, port), origin, new(space, name), isNumber ? new(null, number) : new(parts[1], 0), reads, sends);
        return null;
    }

    /// <summary>As whoever has 080 and 80 means two ports.</summary>
    private static bool TryPort(string text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port)
        && port is >= 1 and <= ushort.MaxValue && port.ToString(CultureInfo.InvariantCulture) == text;

    private static string Short(string text) => text.Length <= 60 ? text : text[..60] + "...";
}
