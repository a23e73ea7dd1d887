using System.Net;
using Microsoft.Extensions.Primitives;

namespace IngressController.Proxy.Forwarding;

/// <summary>Who the client is, where a chain of trusted proxies stands before us.</summary>
internal static class ClientAddress
{
    /// <summary>
    /// The first untrusted address from the right of the chain; the leftmost where all are trusted. The walk ends at an entry that is no address:
    /// what stands left of it was written by nobody that we know.
    /// </summary>
    /// <param name="peer">The trusted peer, the rightmost of the chain.</param>
    /// <param name="forwardedFor">X-Forwarded-For: one or several lines.</param>
    /// <param name="forwarded">Forwarded (RFC 7239); read where X-Forwarded-For is absent.</param>
    public static IPAddress Find(IPAddress peer, StringValues forwardedFor, StringValues forwarded, TrustedProxies trusted)
    {
        var client = peer;
        var byForwarded = forwardedFor.Count == 0;
        var lines = byForwarded ? forwarded : forwardedFor;
        for (var line = lines.Count - 1; line >= 0; line--)
        {
            var entries = (lines[line] ?? "").AsSpan();
            while (!entries.IsEmpty)
            {
                var entry = LastElement(ref entries);
                if (entry.Trim().IsEmpty)
                {
                    continue; // RFC 9110 section 5.6.1: empty list elements do not count
                }

                if (!ForwardedNode.TryParse(byForwarded ? ForParameter(entry) : entry, out var address))
                {
                    return client;
                }

                client = address;
                if (!trusted.Contains(address))
                {
                    return client;
                }
            }
        }

        return client;
    }

    /// <summary>Cuts the last element off a comma-separated list; a comma inside double quotes is none.</summary>
    private static ReadOnlySpan<char> LastElement(ref ReadOnlySpan<char> list)
    {
        var quoted = false;
        for (var index = list.Length - 1; index >= 0; index--)
        {
            if (list[index] == '"')
            {
                quoted = !quoted;
            }
            else if (list[index] == ',' && !quoted)
            {
                var element = list[(index + 1)..];
                list = list[..index];
                return element;
            }
        }

        var all = list;
        list = default;
        return all;
    }

    /// <summary>The value of <c>for=</c> in <c>proto=https;for="[2001:db8::1]:4711";by=10.0.0.1</c>; empty where there is none.</summary>
    private static ReadOnlySpan<char> ForParameter(ReadOnlySpan<char> element)
    {
        foreach (var range in element.Split(';'))
        {
            var pair = element[range].Trim();
            if (pair.StartsWith("for=", StringComparison.OrdinalIgnoreCase))
            {
                return pair[4..];
            }
        }

        return default;
    }
}
