using System.Net;
using IngressController.Proxy.Tracing;
using IngressController.Testing;

namespace IngressController.EndToEnd.Proxy;

/// <summary>A proxy that makes spans, and clients that have traces.</summary>
internal static class TracedProxy
{
    /// <summary>A client's trace, which is recorded there.</summary>
    public const string Known = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    public static async Task<ProxyUnderTest> StartAsync(TraceContext believed, EchoBackend backend, bool isTrusted = false, TraceSampler? isRecorded = null)
    {
        var proxy = await ProxyUnderTest.StartAsync(options =>
        {
            (options.TraceSampler, options.TraceContext) = (isRecorded ?? ((_, _) => true), believed);
            if (isTrusted)
            {
                options.TrustedProxies.Add(IPNetwork.Parse("127.0.0.0/8"));
            }
        });
        proxy.Serve(backend.Destination);
        return proxy;
    }

    public static async Task AskAsync(ProxyUnderTest proxy, string id, string target, params (string Name, string Value)[] headers)
    {
        var host = headers.Any(header => header.Name == "Host") ? "" : $"Host: {ProxyUnderTest.Host}\r\n";
        var lines = string.Concat(headers.Select(header => $"{header.Name}: {header.Value}\r\n"));
        Assert.StartsWith("HTTP/1.1 ", await proxy.SendRawAsync($"GET {target} HTTP/1.1\r\n{host}X-Request-ID: {id}\r\nConnection: close\r\n{lines}\r\n"), StringComparison.Ordinal);
    }
}
