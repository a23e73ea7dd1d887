namespace IngressController.Routing.Matching;

/// <summary>The host that a request names.</summary>
public static class RequestHost
{
    /// <summary>Drops the port and one trailing dot. An IPv6 address keeps its brackets, so that it equals no name. Case is left as it is.</summary>
    /// <param name="header">The value of the Host header or of <c>:authority</c>; may be empty.</param>
    public static ReadOnlySpan<char> Normalize(ReadOnlySpan<char> header)
    {
        if (header.StartsWith('['))
        {
            var end = header.IndexOf(']');
            return end < 0 ? header : header[..(end + 1)];
        }

        var colon = header.IndexOf(':');
        var host = colon < 0 ? header : header[..colon];
        return host.EndsWith('.') ? host[..^1] : host;
    }
}
