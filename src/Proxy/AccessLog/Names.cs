using IngressController.Proxy.Observing;

namespace IngressController.Proxy.AccessLog;

/// <summary>Parts of the names in a record.</summary>
internal static class Names
{
    /// <summary>ingress-nginx's name for what no Ingress answers.</summary>
    private const string DefaultBackend = "upstream-default-backend";

    /// <summary>
    /// As ingress-nginx names a Service's port: <c>namespace-name-port</c>; <c>upstream-default-backend</c> where no Ingress answers; nothing where a request does not come
    /// as far as that question. Of a session <c>tcp-namespace-name-port</c>, as there.
    /// </summary>
    public static void AddUpstream(in RequestRecord record, LineBuffer line, Escaping escaping)
    {
        if (record.IsSession)
        {
            line.Add(record.Protocol == "UDP" ? "udp-"u8 : "tcp-"u8);
        }
        else if (record.Ingress.Length == 0)
        {
            line.AddText(record.Service.Length > 0 || record.Reason == nameof(Pipeline.Reason.NoRoute) ? DefaultBackend : "", escaping);
            return;
        }

        if (record.Service.Length > 0)
        {
            line.AddText(BeforeSlash(record.Service), escaping);
            line.Add((byte)'-');
            line.AddText(ServiceOf(record.Service), escaping);
            line.Add((byte)'-');
            line.AddText(PortOf(record.Service), escaping);
        }
    }

    public static ReadOnlySpan<char> BeforeSlash(string name) => name.AsSpan(0, Math.Max(name.IndexOf('/', StringComparison.Ordinal), 0));

    public static ReadOnlySpan<char> AfterSlash(string name) => name.AsSpan(name.IndexOf('/', StringComparison.Ordinal) + 1);

    public static ReadOnlySpan<char> ServiceOf(string service)
    {
        var name = AfterSlash(service);
        var colon = name.IndexOf(':');
        return colon < 0 ? name : name[..colon];
    }

    public static ReadOnlySpan<char> PortOf(string service)
    {
        var colon = service.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? default : service.AsSpan(colon + 1);
    }

    /// <summary>Without the port, in small letters.</summary>
    public static string HostOf(string host)
    {
        var colon = host.LastIndexOf(':');
        var isPort = colon > host.LastIndexOf(']');
        return (isPort ? host[..colon] : host).ToLowerInvariant();
    }
}
